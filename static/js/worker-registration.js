import { isKeepable, keepPage } from "./kept-pages.js";
import { answerOrNull } from "./lib/fetch.js";

const ADDRESS = "/service-worker.js";

/** After everything else, since nobody waits for it. Null in a browser that cannot. */
export const registered = new Promise((resolve) => {
  if (!("serviceWorker" in navigator)) resolve(null);
  else if (document.readyState === "complete") resolve(register());
  else addEventListener("load", () => resolve(register()), { once: true });
});

async function register() {
  try {
    const registration = await navigator.serviceWorker.register(ADDRESS, { type: "module" });
    if (!navigator.serviceWorker.controller) keepFirstPage();
    return registration;
  } catch (error) {
    // No network just now, a browser that forbids it, or the person left already. The pages work without.
    console.info("The service worker was not registered.", error);
    return null;
  }
}

/** The worker comes too late to see the page that brought it. */
async function keepFirstPage() {
  await navigator.serviceWorker.ready;
  if (!isKeepable(location.href)) return;
  const response = await answerOrNull(location.href);
  if (response?.ok && !response.redirected) await keepPage(location.href, response);
}
