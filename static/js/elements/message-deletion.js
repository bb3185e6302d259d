import { socket } from "../app.js";
import { field, setText, show } from "../lib/dom.js";
import { say } from "../lib/sentences.js";
import { ConnectionLost, Refused } from "../socket.js";

/** Asks before a message is deleted for everyone. */
customElements.define(
  "message-deletion",
  class extends HTMLElement {
    #messageId = null;

    connectedCallback() {
      this.conversationId = Number(this.closest("[data-conversation-id]").dataset.conversationId);
      this.dialog = this.querySelector("dialog");
      this.querySelector("form").addEventListener("submit", (event) => this.#submit(event));
    }

    open(messageId) {
      this.#messageId = messageId;
      show(field(this, "error"), false);
      this.dialog.showModal();
    }

    async #submit(event) {
      if (event.submitter.value !== "delete") return;
      event.preventDefault();
      event.submitter.disabled = true;
      try {
        const { conversationId } = this;
        await socket.request("deleteMessage", { conversationId, messageId: this.#messageId });
        this.dialog.close();
      } catch (error) {
        this.#explain(error);
      } finally {
        event.submitter.disabled = false;
      }
    }

    #explain(error) {
      if (!(error instanceof ConnectionLost || error instanceof Refused)) throw error;
      setText(this, "error", error.message || say("connection.waiting"));
      show(field(this, "error"), true);
    }
  },
);
