import { socket } from "../app.js";
import { textOrNull } from "../lib/fetch.js";
import { show } from "../lib/dom.js";
import { number } from "../lib/sentences.js";
import { soon } from "../lib/throttle.js";

const PATIENCE = 300;

/** How many notifications are unread. A new one may only recount an old one, so the number is asked for. */
customElements.define(
  "notification-count",
  class extends HTMLElement {
    connectedCallback() {
      const ask = soon(() => this.#ask(), PATIENCE);
      socket.addEventListener("newNotification", ask);
      socket.addEventListener("connected", ask);
      socket.addEventListener("notificationsRead", ({ detail }) => this.#show(detail.unreadCount));
    }

    async #ask() {
      const answer = await textOrNull(this.dataset.url);
      if (answer) this.#show(JSON.parse(answer).unreadCount);
    }

    #show(count) {
      this.textContent = number(count);
      show(this, count > 0);
    }
  },
);
