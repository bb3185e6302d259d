/** A new version waits until somebody says so (elements/update-banner.js), or until no page is open. */
export function followUpdates() {
  addEventListener("message", ({ data }) => {
    if (data?.type === "activate") skipWaiting();
  });
}
