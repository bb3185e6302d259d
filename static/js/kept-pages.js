/** Copies of the pages of the chat, for when there is no network. Both the page and the service worker keep them. */

const CACHE = "parley.pages";
const PATHS = /^\/(c\/\d+)?$/;
// The page that was loaded last, whichever it was: the list, and around it what any conversation needs.
const FRAME = "/frame";
const PANE_HEADER = "X-Pane";
// Pages, and pictures of people.
const LIMIT = 150;

export function isKeepable(url) {
  const { pathname, search } = new URL(url);
  return PATHS.test(pathname) && search === "";
}

/** A whole page, as it is loaded. */
export async function keepPage(url, response) {
  const cache = await caches.open(CACHE);
  await Promise.all([cache.put(FRAME, response.clone()), put(cache, pathOf(url), response)]);
}

/** The right-hand side alone; see pane.js. */
export async function keepPane(url, response) {
  const headers = new Headers(response.headers);
  headers.set(PANE_HEADER, "1");
  const cache = await caches.open(CACHE);
  await put(cache, pathOf(url), new Response(await response.blob(), { headers }));
}

export async function keepPicture(url, response) {
  await put(await caches.open(CACHE), pathOf(url), response);
}

/** What was kept of this address itself, be it a page or a pane; undefined if nothing was. */
export async function kept(url) {
  return (await caches.open(CACHE)).match(pathOf(url));
}

/** A whole page for this address: its own, or one whose scripts put the right pane into it. */
export async function keptPage(url) {
  const own = await kept(url);
  if (own && !own.headers.has(PANE_HEADER)) return own;
  return isKeepable(url) ? (await caches.open(CACHE)).match(FRAME) : undefined;
}

export async function forgetPages() {
  await caches.delete(CACHE);
}

function pathOf(url) {
  return new URL(url).pathname;
}

/** What was kept last stands last, so that what nobody looks at is forgotten first. */
async function put(cache, path, response) {
  await cache.delete(path);
  await cache.put(path, response);
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, -LIMIT).map((key) => cache.delete(key)));
}
