import { forgetAll } from "../forgetting.js";

/** The next person at this computer sees nothing of the last one, though the scripts of the page did not run. */
export function answerSignOut({ offlineUrl, signOutUrl }) {
  addEventListener("fetch", (event) => {
    const { request } = event;
    if (request.method !== "POST" || new URL(request.url).pathname !== signOutUrl) return;
    event.respondWith(signOut(request, offlineUrl));
  });
}

async function signOut(request, offlineUrl) {
  await forgetAll();
  return fetch(request).catch(() => caches.match(offlineUrl));
}
