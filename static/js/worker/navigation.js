import { forgetSeen } from "../forgetting.js";
import { isKeepable, keepPage, keptPage } from "../kept-pages.js";

// A network that is there but does not work.
const PATIENCE = 5_000;
// What stands before the server says that nobody is behind it.
const AWAY = new Set([502, 503, 504]);

/** Pages come from the server; without it, as they were when they were last seen, or the offline page. */
export function answerNavigations({ offlineUrl, signInUrl }) {
  addEventListener("activate", (event) => event.waitUntil(registration.navigationPreload?.enable()));
  addEventListener("fetch", (event) => {
    const { request } = event;
    if (request.mode !== "navigate" || request.method !== "GET") return;
    const fresh = load(event);
    event.waitUntil(fresh.then((response) => note(request.url, response, signInUrl)).catch(() => {}));
    event.respondWith(answer(request, fresh, offlineUrl));
  });
}

async function load({ request, preloadResponse }) {
  return (await preloadResponse) ?? fetch(request);
}

async function answer({ url }, fresh, offlineUrl) {
  try {
    const response = await Promise.race([fresh, late(url)]);
    return AWAY.has(response.status) ? ((await keptPage(url)) ?? response.clone()) : response;
  } catch {
    return (await keptPage(url)) ?? caches.match(offlineUrl);
  }
}

/** What is kept, after a while; nothing, as long as there is nothing. */
async function late(url) {
  await new Promise((resolve) => setTimeout(resolve, PATIENCE));
  return (await keptPage(url)) ?? new Promise(() => {});
}

async function note(url, response, signInUrl) {
  // Nobody is signed in: what is kept belongs to somebody who is gone.
  if (new URL(url).pathname === signInUrl && response.ok) await forgetSeen();
  if (response.ok && isKeepable(url)) await keepPage(url, response.clone());
}
