import { currentState } from "../push.js";

const DISMISSED = "parley.push.dismissed";

/** Offers notifications before the browser asks, to whoever was never asked on this device and did not say no. */
customElements.define(
  "push-primer",
  class extends HTMLElement {
    async connectedCallback() {
      if (localStorage.getItem(DISMISSED) || location.pathname.startsWith("/settings/")) return;
      this.querySelector("button").addEventListener("click", () => this.#dismiss());
      this.hidden = (await currentState()) !== "off" || Notification.permission !== "default";
    }

    #dismiss() {
      localStorage.setItem(DISMISSED, "1");
      this.hidden = true;
    }
  },
);
