import { socket } from "../app.js";
import { registered } from "../worker-registration.js";

/** Says that a newer version is installed, and changes over when its reader wants it. */
customElements.define(
  "update-banner",
  class extends HTMLElement {
    async connectedCallback() {
      const registration = await registered;
      if (!registration) return;
      this.querySelector("button").addEventListener("click", () => activate(registration));
      registration.addEventListener("updatefound", () => this.#watch(registration));
      // A server that comes back may be a newer one.
      socket.addEventListener("connected", () => registration.update().catch(() => {}));
      reloadOnTakeOver();
      this.#watch(registration);
    }

    #watch({ installing, waiting }) {
      const isUpdate = navigator.serviceWorker.controller !== null;
      if (waiting && isUpdate) this.hidden = false;
      installing?.addEventListener("statechange", ({ target }) => {
        if (target.state === "installed" && isUpdate) this.hidden = false;
      });
    }
  },
);

function activate({ waiting }) {
  waiting?.postMessage({ type: "activate" });
}

/** All pages of this browser change over together: what is being written is kept as a draft. */
function reloadOnTakeOver() {
  // The very first worker takes over pages that are as new as it is.
  if (!navigator.serviceWorker.controller) return;
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
}
