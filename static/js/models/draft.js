/** What was begun and not sent, kept per conversation. */
export class Draft {
  #storage;
  #key;

  constructor({ storage, userId, conversationId }) {
    this.#storage = storage;
    this.#key = `parley.draft.${userId}.${conversationId}`;
  }

  save({ content, replyTo }) {
    if (content.trim() || replyTo) this.#storage.setItem(this.#key, JSON.stringify({ content, replyTo }));
    else this.clear();
  }

  load() {
    const kept = this.#storage.getItem(this.#key);
    return kept === null ? null : JSON.parse(kept);
  }

  clear() {
    this.#storage.removeItem(this.#key);
  }
}
