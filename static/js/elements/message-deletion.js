import { socket } from "../app.js";
import { field, setText, show } from "../lib/dom.js";
import { say } from "../lib/sentences.js";
import { ConnectionLost, Refused } from "../socket.js";

const COMMANDS = { everyone: "deleteMessage", me: "deleteMessageForMe" };

/** Asks whether a message is deleted for everyone, where one may, or for oneself. */
customElements.define(
  "message-deletion",
  class extends HTMLElement {
    #messageId = null;

    connectedCallback() {
      this.conversationId = Number(this.closest("[data-conversation-id]").dataset.conversationId);
      this.dialog = this.querySelector("dialog");
      this.querySelector("form").addEventListener("submit", (event) => this.#submit(event));
    }

    open(messageId, { deleteForEveryone }) {
      this.#messageId = messageId;
      for (const part of this.querySelectorAll("[data-for-everyone]")) show(part, deleteForEveryone);
      show(field(this, "error"), false);
      this.dialog.showModal();
    }

    async #submit(event) {
      const command = COMMANDS[event.submitter.value];
      if (!command) return;
      event.preventDefault();
      event.submitter.disabled = true;
      try {
        const { conversationId } = this;
        await socket.request(command, { conversationId, messageId: this.#messageId });
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
