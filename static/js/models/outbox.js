/** What was written and is not acknowledged yet: on the disk, and in memory for whoever shows or sends it. */
export class Outbox {
  #table;
  #entries = new Map();
  // Those of them that are on the disk.
  #stored = new Set();

  /** `table` keeps rows by `clientId`: lib/database.js. */
  constructor({ table }) {
    this.#table = table;
  }

  /** What was left from before. */
  async load() {
    for (const entry of await this.#table.all()) this.note(entry);
  }

  /** Forget what another page has brought to its end meanwhile: only what is on the disk can have been. */
  async refresh() {
    if (this.#stored.size === 0) return;
    const rows = await this.#table.all();
    const kept = new Set(rows.map(({ clientId }) => clientId));
    for (const clientId of this.#stored) if (!kept.has(clientId)) this.forget(clientId);
  }

  async add({ clientId, conversationId, content, replyTo = null, createdAt }) {
    await this.#write({ clientId, conversationId, content, replyTo, createdAt, failure: null });
  }

  get(clientId) {
    return this.#entries.get(clientId) ?? null;
  }

  /** The server refused it: it waits for its writer's decision, with the reason. */
  async fail(clientId, reason) {
    await this.#change(clientId, { failure: reason });
  }

  async retry(clientId) {
    await this.#change(clientId, { failure: null });
  }

  async remove(clientId) {
    this.forget(clientId);
    await this.#table.delete(clientId);
  }

  /** Another page of this browser wrote or changed it; it is on the disk already. */
  note(entry) {
    this.#entries.set(entry.clientId, entry);
    this.#stored.add(entry.clientId);
  }

  forget(clientId) {
    this.#entries.delete(clientId);
    this.#stored.delete(clientId);
  }

  /** Of one conversation, in the order in which they were written. */
  of(conversationId) {
    return this.#all().filter((entry) => entry.conversationId === conversationId);
  }

  nextFor(conversationId) {
    return this.of(conversationId).find((entry) => entry.failure === null) ?? null;
  }

  failedIn(conversationId) {
    return this.of(conversationId).filter((entry) => entry.failure !== null);
  }

  conversationIds() {
    const waiting = this.#all().filter((entry) => entry.failure === null);
    return [...new Set(waiting.map((entry) => entry.conversationId))];
  }

  #all() {
    return [...this.#entries.values()].sort((one, other) => one.createdAt.localeCompare(other.createdAt));
  }

  async #change(clientId, changes) {
    const entry = this.get(clientId);
    if (entry) await this.#write({ ...entry, ...changes });
  }

  /** In memory at once, so that nothing that follows has to wait for the disk. */
  async #write(entry) {
    this.#entries.set(entry.clientId, entry);
    await this.#table.put(entry);
    // Meanwhile it may have been acknowledged.
    if (this.#entries.has(entry.clientId)) this.#stored.add(entry.clientId);
  }
}
