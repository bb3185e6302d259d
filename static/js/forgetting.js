/** Nothing that somebody read or wrote stays in a browser that they left. Both the page and the service worker forget. */

import { forgetPages } from "./kept-pages.js";

/** Pages, messages, what waits to be sent. Drafts are the page's own: sign-out.js. */
export async function forgetAll() {
  await Promise.all([forgetPages(), forgetDatabases(/^parley\./), forgetPush()]);
}

/** Nothing is shown here of the last person, and nothing pushed to them any more. */
async function forgetPush() {
  const worker = self.registration ?? (await navigator.serviceWorker?.getRegistration());
  const shown = (await worker?.getNotifications?.()) ?? [];
  for (const notification of shown) notification.close();
  await (await worker?.pushManager?.getSubscription())?.unsubscribe();
}

/** Nobody is signed in any more. What was written waits for its writer to come back. */
export async function forgetSeen() {
  await Promise.all([forgetPages(), forgetDatabases(/^parley\.kept\./)]);
}

export async function forgetDatabases(pattern) {
  const databases = await indexedDB.databases();
  const names = databases.map(({ name }) => name).filter((name) => pattern.test(name));
  await Promise.all(names.map(forget));
}

function forget(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = resolve;
    request.onerror = () => reject(request.error);
    // Another page still holds it; it lets go when it hears of this, or is closed.
    request.onblocked = resolve;
  });
}
