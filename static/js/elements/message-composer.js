import { sender, socket, viewerId } from "../app.js";
import { field, setText, show } from "../lib/dom.js";
import { number } from "../lib/sentences.js";
import { tint } from "../lib/people.js";
import { Draft } from "../models/draft.js";
import { TypingSender } from "../models/typing-sender.js";

// The counter appears when so much of the length is used up.
const NEAR_LIMIT = 0.9;
const IS_COMPOSING = 229;

/** Where a message is written: draft, reply bar, length, typing. Hands what is ready to the sender. */
customElements.define(
  "message-composer",
  class extends HTMLElement {
    #replyTo = null;

    connectedCallback() {
      this.conversationId = Number(this.closest("[data-conversation-id]").dataset.conversationId);
      this.maxLength = Number(this.dataset.maxLength);
      this.form = field(this, "form");
      this.text = this.form.querySelector("textarea");
      this.draft = new Draft({
        storage: localStorage,
        userId: viewerId,
        conversationId: this.conversationId,
      });
      this.typing = new TypingSender({ send: (isTyping) => this.#tellTyping(isTyping) });
      this.#restoreDraft();
      this.#listen();
      this.#fit();
      if (matchMedia("(hover: hover)").matches && !this.form.hidden) this.text.focus();
    }

    disconnectedCallback() {
      this.typing.stop();
    }

    replyTo(quote) {
      this.#replyTo = quote;
      this.#showReply();
      this.#saveDraft();
      this.text.focus();
    }

    /** With a reason, nothing can be written here. */
    close(reason) {
      show(field(this, "closed"), reason !== "");
      setText(this, "closed-reason", reason);
      show(this.form, reason === "");
    }

    #listen() {
      this.text.addEventListener("input", () => {
        this.#fit();
        this.#saveDraft();
        if (this.text.value.trim()) this.typing.keystroke();
        else this.typing.stop();
      });
      this.text.addEventListener("keydown", (event) => this.#key(event));
      this.form.addEventListener("submit", (event) => this.#submit(event));
      this.querySelector("[data-action=cancel-reply]").addEventListener("click", (event) => {
        event.preventDefault();
        this.#cancelReply();
      });
    }

    #key(event) {
      // While a word is being composed, Enter chooses it and Escape gives it up.
      if (event.isComposing || event.keyCode === IS_COMPOSING) return;
      if (event.key === "Escape" && this.#replyTo) this.#cancelReply();
      if (event.key !== "Enter" || event.shiftKey) return;
      event.preventDefault();
      this.form.requestSubmit();
    }

    #submit(event) {
      event.preventDefault();
      const content = this.text.value.trim();
      if (!content || lengthOf(content) > this.maxLength) return;
      sender.send({ conversationId: this.conversationId, content, replyTo: this.#replyTo });
      this.text.value = "";
      this.typing.forget();
      this.#replyTo = null;
      this.#showReply();
      this.draft.clear();
      this.form.querySelector(".form-errors")?.remove();
      this.#fit();
      this.text.focus();
    }

    #cancelReply() {
      this.#replyTo = null;
      this.#showReply();
      this.#saveDraft();
      this.text.focus();
    }

    #showReply() {
      const bar = field(this, "reply-bar");
      show(bar, this.#replyTo !== null);
      if (!this.#replyTo) return;
      bar.dataset.tint = tint(this.#replyTo.senderId);
      setText(bar, "reply-sender", this.#replyTo.senderName);
      setText(bar, "reply-content", this.#replyTo.content);
    }

    #fit() {
      const length = lengthOf(this.text.value.trim());
      const counter = field(this, "counter");
      show(counter, length >= this.maxLength * NEAR_LIMIT);
      counter.textContent = `${number(length)} / ${number(this.maxLength)}`;
      counter.toggleAttribute("data-over", length > this.maxLength);
      this.querySelector("[data-action=send]").disabled = length > this.maxLength;
      if (!CSS.supports("field-sizing", "content")) this.#grow();
    }

    /** For browsers that do not size a text area by its content themselves. */
    #grow() {
      this.text.style.blockSize = "auto";
      this.text.style.blockSize = `${this.text.scrollHeight}px`;
    }

    #saveDraft() {
      this.draft.save({ content: this.text.value, replyTo: this.#replyTo });
    }

    #restoreDraft() {
      const kept = this.draft.load();
      if (!kept || this.text.value) return;
      this.text.value = kept.content;
      this.#replyTo = kept.replyTo;
      this.#showReply();
    }

    #tellTyping(isTyping) {
      socket.tell("typing", { conversationId: this.conversationId, isTyping });
    }
  },
);

/** As the server counts: characters, not the halves of them that JavaScript counts. */
function lengthOf(text) {
  return [...text].length;
}
