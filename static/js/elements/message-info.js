import { socket } from "../app.js";
import { closeByBackdrop } from "../behaviours/backdrop.js";
import { field, show } from "../lib/dom.js";
import { throttle } from "../lib/throttle.js";
import { fetchPane } from "../pane.js";

const INTERVAL = 500;

/** To whom an own message was delivered, and who has read it; kept up to date while it is open. */
customElements.define(
  "message-info",
  class extends HTMLElement {
    #leaving = new AbortController();
    #address = "";

    connectedCallback() {
      const { signal } = this.#leaving;
      const conversationId = Number(this.closest("[data-conversation-id]").dataset.conversationId);
      const refresh = throttle(() => this.dialog.open && this.#load(), INTERVAL);
      this.dialog = this.querySelector("dialog");
      closeByBackdrop(this.dialog);
      for (const name of ["messageDelivered", "messagesRead"]) {
        const concerns = ({ detail }) => detail.conversationId === conversationId;
        socket.addEventListener(name, (event) => concerns(event) && refresh(), { signal });
      }
    }

    disconnectedCallback() {
      this.#leaving.abort();
    }

    async open(address) {
      this.#address = address;
      field(this, "content").replaceChildren();
      this.dialog.showModal();
      await this.#load();
    }

    /** The same markup as on the message's own page. */
    async #load() {
      const address = this.#address;
      const page = await fetchPane(address, this.#leaving.signal);
      if (address !== this.#address) return;
      const info = page?.querySelector(".message-info");
      show(field(this, "unavailable"), !info);
      if (info) field(this, "content").replaceChildren(info);
    }
  },
);
