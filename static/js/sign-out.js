import { socket, viewerId } from "./app.js";

/** Nothing that somebody wrote stays in a browser that they left. */
export function forgetOnSignOut() {
  document.addEventListener("submit", ({ target }) => {
    if (!("signOut" in target.dataset)) return;
    forget();
    socket.leave();
  });
}

function forget() {
  const keys = Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index));
  const own = [`parley.draft.${viewerId}.`, `parley.outbox.${viewerId}.`];
  for (const key of keys) {
    if (own.some((prefix) => key.startsWith(prefix))) localStorage.removeItem(key);
  }
}
