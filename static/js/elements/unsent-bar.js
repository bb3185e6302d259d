import { sender } from "../app.js";
import { setText, show } from "../lib/dom.js";
import { sayCount } from "../lib/sentences.js";

/** Several messages that were refused here can be sent again together. */
customElements.define(
  "unsent-bar",
  class extends HTMLElement {
    #leaving = new AbortController();

    connectedCallback() {
      const { signal } = this.#leaving;
      this.conversationId = Number(this.closest("[data-conversation-id]").dataset.conversationId);
      for (const type of ["queued", "sent", "failed", "discarded"]) {
        sender.addEventListener(type, () => this.#update(), { signal });
      }
      this.querySelector("button").addEventListener("click", () => sender.retryAll(this.conversationId));
      this.#update();
    }

    disconnectedCallback() {
      this.#leaving.abort();
    }

    #update() {
      const { length } = sender.failedIn(this.conversationId);
      // A single one has its own button.
      show(this, length > 1);
      setText(this, "count", sayCount("unsent", length));
    }
  },
);
