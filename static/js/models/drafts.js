/** What was begun and not sent, per conversation. Dispatches `change` {conversationId, isElsewhere}. */
export class Drafts extends EventTarget {
  #storage;
  #prefix;

  constructor({ storage, userId }) {
    super();
    this.#storage = storage;
    this.#prefix = `parley.draft.${userId}.`;
  }

  /** {content, replyTo}, or null. */
  of(conversationId) {
    const kept = this.#storage.getItem(this.#prefix + conversationId);
    return kept === null ? null : JSON.parse(kept);
  }

  save(conversationId, { content, replyTo = null }) {
    if (!content.trim() && !replyTo) {
      this.clear(conversationId);
      return;
    }
    this.#storage.setItem(this.#prefix + conversationId, JSON.stringify({ content, replyTo }));
    this.#tell(conversationId);
  }

  clear(conversationId) {
    if (this.of(conversationId) === null) return;
    this.#storage.removeItem(this.#prefix + conversationId);
    this.#tell(conversationId);
  }

  /** Another page of this browser changed what is stored under this key: the browser says so. */
  heard(key) {
    if (key?.startsWith(this.#prefix)) this.#tell(Number(key.slice(this.#prefix.length)), true);
  }

  #tell(conversationId, isElsewhere = false) {
    this.dispatchEvent(new CustomEvent("change", { detail: { conversationId, isElsewhere } }));
  }
}
