import { socket } from "../app.js";
import { pageOrNull } from "../lib/fetch.js";
import { soon } from "../lib/throttle.js";

const PATIENCE = 300;

/** The notifications page, made anew by the server whenever something changed. */
customElements.define(
  "notification-list",
  class extends HTMLElement {
    connectedCallback() {
      const renew = soon(() => this.#renew(), PATIENCE);
      this.leaving = new AbortController();
      const { signal } = this.leaving;
      socket.addEventListener("connected", renew, { signal });
      socket.addEventListener("newNotification", renew, { signal });
      socket.addEventListener("notificationsRead", renew, { signal });
    }

    disconnectedCallback() {
      this.leaving.abort();
    }

    async #renew() {
      // The pages of older ones stay as they are while somebody reads them.
      const isOlder = new URLSearchParams(location.search).has("cursor");
      if (isOlder || this.contains(document.activeElement)) return;
      const page = await pageOrNull(location.pathname + location.search);
      if (page) this.replaceChildren(...page.querySelector("notification-list").childNodes);
    }
  },
);
