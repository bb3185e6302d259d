import { keepPicture, kept } from "../kept-pages.js";

const PREFIX = "parley.shell.";

/** Scripts, styles and icons: all of one version are kept when it is installed, and served without the network. */
export function keepShell(settings) {
  const name = PREFIX + settings.version;
  addEventListener("install", (event) => {
    passBy(event, settings);
    event.waitUntil(fill(name, settings));
  });
  addEventListener("activate", (event) => event.waitUntil(takeOver(name)));
  addEventListener("fetch", (event) => {
    const answer = answerFor(event.request, name, settings);
    if (answer) event.respondWith(answer);
  });
}

function answerFor(request, name, { staticUrl, isHashed }) {
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return null;
  if (pathname.startsWith("/avatars/")) return pictureFor(request);
  if (!pathname.startsWith(staticUrl)) return null;
  return isHashed ? keptFirst(request, name) : networkFirst(request, name);
}

/** What scripts ask for needs no worker: where browsers know routes, none is started for it. */
function passBy(event, { staticUrl }) {
  if (!event.addRoutes) return;
  const toWorker = { condition: { urlPattern: `${staticUrl}*` }, source: "fetch-event" };
  const toNetwork = { condition: { requestDestination: "" }, source: "network" };
  event.waitUntil(event.addRoutes([toWorker, toNetwork]));
}

async function fill(name, { files, offlineUrl }) {
  const cache = await caches.open(name);
  // The page has just loaded most of them.
  const requests = files.map((file) => new Request(file, { cache: "force-cache" }));
  await cache.addAll([...requests, new Request(offlineUrl, { cache: "reload" })]);
}

async function takeOver(name) {
  const names = await caches.keys();
  const old = names.filter((one) => one.startsWith(PREFIX) && one !== name);
  await Promise.all(old.map((one) => caches.delete(one)));
  await clients.claim();
}

async function keptFirst(request, name) {
  const cache = await caches.open(name);
  const there = await cache.match(request);
  if (there) return there;
  const response = await fetch(request);
  // A newer page asks for newer files, or somebody opened what is not part of the shell.
  if (response.ok) await cache.put(request, response.clone());
  return response;
}

/** Without names that change with the content, only the server knows what is up to date. */
async function networkFirst(request, name) {
  try {
    return await fetch(request);
  } catch (error) {
    const there = await (await caches.open(name)).match(request);
    if (there) return there;
    throw error;
  }
}

async function pictureFor(request) {
  try {
    const response = await fetch(request);
    if (response.ok) await keepPicture(request.url, response.clone());
    return response;
  } catch (error) {
    const there = await kept(request.url);
    if (there) return there;
    throw error;
  }
}
