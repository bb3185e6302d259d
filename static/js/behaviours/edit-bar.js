import { field, setText, show } from "../lib/dom.js";

/** Above the text: which message is being edited. */
export class EditBar {
  #bar;
  #socket;
  #message = null;

  constructor(composer, socket) {
    this.#bar = field(composer, "edit-bar");
    this.#socket = socket;
  }

  get isOn() {
    return this.#message !== null;
  }

  start(message) {
    this.#message = message;
    setText(this.#bar, "edit-content", message.content);
    show(this.#bar, true);
  }

  end() {
    this.#message = null;
    show(this.#bar, false);
  }

  /** The message itself changes when the event comes. Rejects as the socket does. */
  async save(conversationId, content) {
    const { id, content: before } = this.#message;
    if (content === before) return;
    await this.#socket.request("editMessage", { conversationId, messageId: id, content });
  }
}
