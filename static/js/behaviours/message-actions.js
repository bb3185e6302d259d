import { book } from "../app.js";
import { rightsOf } from "../models/message-rights.js";
import * as view from "../views/message.js";

/** What a person does with a message: from its menu, by its buttons, or by a key. Only what they may is done. */
export class MessageActions {
  #list;
  #menu;
  #does;

  constructor(list) {
    const find = (name) => list.parentElement.querySelector(name);
    this.#list = list;
    this.#menu = find("message-menu");
    this.#does = {
      menu: (message) => this.ask(message),
      reply: (message) => this.#tell("message-reply", view.quoteOf(message)),
      edit: (message) => this.#tell("message-edit", view.draftOf(message)),
      copy: (message) => navigator.clipboard.writeText(view.sourceOf(message)),
      info: (message) => find("message-info").open(view.addressOf(message)),
      delete: (message) => find("message-deletion").open(Number(message.dataset.messageId), this.rightsOn(message)),
    };
  }

  rightsOn(message) {
    const { isMember = false, canPost = false } = book.get(this.#list.conversationId) ?? {};
    const editWindow = Number(this.#list.dataset.editWindow);
    const rights = rightsOf(view.standingOf(message), { isMember, canPost, editWindow });
    // Only where the page came by HTTPS does a browser have a clipboard.
    const copy = rights.copy && navigator.clipboard !== undefined;
    const all = { ...rights, copy };
    return { ...all, menu: Object.values(all).some(Boolean) };
  }

  do(name, message) {
    if (this.rightsOn(message)[name]) this.#does[name](message);
  }

  async ask(message) {
    this.do(await this.#menu.ask(this.rightsOn(message), message.querySelector(".bubble")), message);
  }

  #tell(type, detail) {
    this.#list.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
  }
}
