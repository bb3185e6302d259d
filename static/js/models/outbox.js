/** What was written and is not acknowledged yet. One key per message, so that tabs do not overwrite each other. */
export class Outbox {
  #prefix;
  #storage;

  constructor({ storage, userId }) {
    this.#storage = storage;
    this.#prefix = `parley.outbox.${userId}.`;
  }

  add({ clientId, conversationId, content, replyTo = null, createdAt }) {
    const entry = { clientId, conversationId, content, replyTo, createdAt, failure: null };
    this.#write(entry);
    return entry;
  }

  get(clientId) {
    const text = this.#storage.getItem(this.#prefix + clientId);
    return text === null ? null : JSON.parse(text);
  }

  /** The server refused it: it waits for its writer's decision, with the reason. */
  fail(clientId, reason) {
    this.#change(clientId, { failure: reason });
  }

  retry(clientId) {
    this.#change(clientId, { failure: null });
  }

  remove(clientId) {
    this.#storage.removeItem(this.#prefix + clientId);
  }

  /** Of one conversation, in the order in which they were written. */
  of(conversationId) {
    return this.#all().filter((entry) => entry.conversationId === conversationId);
  }

  nextFor(conversationId) {
    return this.of(conversationId).find((entry) => entry.failure === null) ?? null;
  }

  conversationIds() {
    const waiting = this.#all().filter((entry) => entry.failure === null);
    return [...new Set(waiting.map((entry) => entry.conversationId))];
  }

  clear() {
    for (const { clientId } of this.#all()) this.remove(clientId);
  }

  #all() {
    const keys = Array.from({ length: this.#storage.length }, (_, index) => this.#storage.key(index));
    return keys
      .filter((key) => key.startsWith(this.#prefix))
      .map((key) => JSON.parse(this.#storage.getItem(key)))
      .sort((one, other) => one.createdAt.localeCompare(other.createdAt));
  }

  #change(clientId, changes) {
    const entry = this.get(clientId);
    if (entry) this.#write({ ...entry, ...changes });
  }

  #write(entry) {
    this.#storage.setItem(this.#prefix + entry.clientId, JSON.stringify(entry));
  }
}
