import { drafts, sender, socket } from "../app.js";
import { EditBar } from "../behaviours/edit-bar.js";
import { MentionPicker } from "../behaviours/mention-picker.js";
import { field, setText, show } from "../lib/dom.js";
import { tint } from "../lib/people.js";
import { number, say, sayCount } from "../lib/sentences.js";
import { TypingSender } from "../models/typing-sender.js";
import { ConnectionLost, Refused } from "../socket.js";

// The counter appears when so much of the length is used up.
const NEAR_LIMIT = 0.9;
const IS_COMPOSING = 229;

/**
 * Where a message is written: draft, reply and edit bar, length, typing. Hands what is ready to the sender.
 * Asks with `edit-last`, which bubbles, for the message to edit; it comes by `edit`.
 */
customElements.define(
  "message-composer",
  class extends HTMLElement {
    #replyTo = null;
    #leaving = new AbortController();

    connectedCallback() {
      this.conversationId = Number(this.closest("[data-conversation-id]").dataset.conversationId);
      this.maxLength = Number(this.dataset.maxLength);
      this.form = field(this, "form");
      this.text = this.form.querySelector("textarea");
      this.editing = new EditBar(this, socket);
      this.mentions = new MentionPicker({
        composer: this,
        text: this.text,
        people: () => this.closest("conversation-view").others,
        chosen: () => this.#changed(),
      });
      this.typing = new TypingSender({ send: (isTyping) => this.#tellTyping(isTyping) });
      if (!this.text.value) this.#restoreDraft();
      this.#listen();
      this.#fit();
      if (matchMedia("(hover: hover)").matches && !this.form.hidden) this.text.focus();
    }

    disconnectedCallback() {
      this.typing.stop();
      this.#leaving.abort();
    }

    replyTo(quote) {
      if (this.editing.isOn) this.#endEdit();
      this.#replyTo = quote;
      this.#showReply();
      this.#saveDraft();
      this.text.focus();
    }

    /** What was being written waits as the draft meanwhile. */
    edit(message) {
      show(field(this, "reply-bar"), false);
      this.editing.start(message);
      this.#write(message.content);
      this.text.focus();
    }

    /** With a reason, nothing can be written here. */
    close(reason) {
      show(field(this, "closed"), reason !== "");
      setText(this, "closed-reason", reason);
      show(this.form, reason === "");
    }

    // --- Wiring ----------------------------------------------------------------------------------

    #listen() {
      const { signal } = this.#leaving;
      this.text.addEventListener("input", () => this.#changed());
      this.text.addEventListener("keydown", (event) => this.#key(event));
      this.form.addEventListener("submit", (event) => this.#submit(event));
      this.addEventListener("emoji", ({ detail }) => this.#insert(detail.emoji));
      this.#onClick("cancel-reply", () => this.#cancelReply());
      this.#onClick("cancel-edit", () => this.#endEdit());
      drafts.addEventListener("change", ({ detail }) => this.#draftChanged(detail), { signal });
      sender.addEventListener("delayed", ({ detail }) => this.#delayed(detail), { signal });
    }

    #onClick(action, act) {
      this.querySelector(`[data-action=${action}]`).addEventListener("click", (event) => {
        event.preventDefault();
        act();
      });
    }

    #changed() {
      this.#fit();
      this.#saveDraft();
      this.#showProblem("");
      if (this.text.value.trim() && !this.editing.isOn) this.typing.keystroke();
      else this.typing.stop();
    }

    #key(event) {
      // While a word is being composed, Enter chooses it and Escape gives it up.
      if (event.isComposing || event.keyCode === IS_COMPOSING) return;
      if (this.mentions.takes(event)) return;
      if (event.key === "Escape") this.#cancel();
      if (isPlainUp(event) && !this.text.value && !this.#replyTo) this.#editLast(event);
      if (event.key !== "Enter" || event.shiftKey) return;
      event.preventDefault();
      this.form.requestSubmit();
    }

    #cancel() {
      if (this.editing.isOn) this.#endEdit();
      else if (this.#replyTo) this.#cancelReply();
    }

    #editLast(event) {
      event.preventDefault();
      this.dispatchEvent(new CustomEvent("edit-last", { bubbles: true }));
    }

    // --- Sending ---------------------------------------------------------------------------------

    #submit(event) {
      event.preventDefault();
      const content = this.text.value.trim();
      if (!content || lengthOf(content) > this.maxLength) return;
      if (this.editing.isOn) this.#saveEdit(content);
      else this.#send(content);
    }

    #send(content) {
      sender.send({ conversationId: this.conversationId, content, replyTo: this.#replyTo });
      this.typing.forget();
      this.#replyTo = null;
      this.#showReply();
      drafts.clear(this.conversationId);
      this.form.querySelector(".form-errors")?.remove();
      this.#write("");
      this.text.focus();
    }

    async #saveEdit(content) {
      try {
        await this.editing.save(this.conversationId, content);
        this.#endEdit();
      } catch (error) {
        if (error instanceof Refused) this.#showProblem(error.message);
        else if (error instanceof ConnectionLost) this.#showProblem(say("composer.noConnection"));
        else throw error;
      }
    }

    #endEdit() {
      this.editing.end();
      this.#restoreDraft();
      this.text.focus();
    }

    #cancelReply() {
      this.#replyTo = null;
      this.#showReply();
      this.#saveDraft();
      this.text.focus();
    }

    // --- Showing ---------------------------------------------------------------------------------

    #showReply() {
      const bar = field(this, "reply-bar");
      show(bar, this.#replyTo !== null);
      if (!this.#replyTo) return;
      bar.dataset.tint = tint(this.#replyTo.senderId);
      setText(bar, "reply-sender", this.#replyTo.senderName);
      setText(bar, "reply-content", this.#replyTo.content);
    }

    #delayed({ entry, seconds }) {
      if (entry.conversationId !== this.conversationId) return;
      this.#showProblem(sayCount("composer.tooFast", Math.ceil(seconds)));
      setTimeout(() => this.#showProblem(""), seconds * 1000);
    }

    #showProblem(problem) {
      show(field(this, "problem"), problem !== "");
      setText(this, "problem", problem);
    }

    #write(text) {
      this.text.value = text;
      this.#showProblem("");
      this.#fit();
    }

    #insert(text) {
      const { selectionStart, selectionEnd } = this.text;
      this.text.setRangeText(text, selectionStart, selectionEnd, "end");
      this.#changed();
    }

    #fit() {
      const length = lengthOf(this.text.value.trim());
      const isOver = length > this.maxLength;
      const counter = field(this, "counter");
      const send = this.querySelector("[data-action=send]");
      show(counter, length >= this.maxLength * NEAR_LIMIT);
      counter.textContent = `${number(length)} / ${number(this.maxLength)}`;
      counter.toggleAttribute("data-over", isOver);
      send.disabled = isOver;
      send.title = isOver ? say("composer.tooLong") : send.ariaLabel;
      if (!CSS.supports("field-sizing", "content")) this.#grow();
    }

    /** For browsers that do not size a text area by its content themselves. */
    #grow() {
      this.text.style.blockSize = "auto";
      this.text.style.blockSize = `${this.text.scrollHeight}px`;
    }

    // --- Draft -----------------------------------------------------------------------------------

    #saveDraft() {
      if (this.editing.isOn) return;
      drafts.save(this.conversationId, { content: this.text.value, replyTo: this.#replyTo });
    }

    #restoreDraft() {
      const { content, replyTo } = drafts.of(this.conversationId) ?? { content: "", replyTo: null };
      this.#replyTo = replyTo;
      this.#showReply();
      this.#write(content);
    }

    /** What was written last is what counts, be it in another page of this browser. */
    #draftChanged({ conversationId, isElsewhere }) {
      if (conversationId === this.conversationId && isElsewhere && !this.editing.isOn) this.#restoreDraft();
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

/** With a modifier it is a shortcut of the page. */
function isPlainUp({ key, altKey, ctrlKey, metaKey, shiftKey }) {
  return key === "ArrowUp" && !(altKey || ctrlKey || metaKey || shiftKey);
}
