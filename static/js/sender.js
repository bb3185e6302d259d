import { ConnectionLost } from "./socket.js";

const TRANSIENT = new Set(["throttled", "unavailable", "error"]);
const RETRY_AFTER = 2;

/**
 * Brings messages from the outbox to the server: one at a time per conversation, in order, until each is
 * acknowledged or refused. The same clientId on every attempt makes a repeat safe.
 * Dispatches `queued` {entry}, `sent` {entry, message}, `failed` {entry}.
 */
export class Sender extends EventTarget {
  #socket;
  #outbox;
  #busy = new Set();

  constructor({ socket, outbox }) {
    super();
    this.#socket = socket;
    this.#outbox = outbox;
    socket.addEventListener("connected", () => this.flush());
  }

  send({ conversationId, content, replyTo }) {
    const createdAt = new Date().toISOString();
    const clientId = crypto.randomUUID();
    const entry = this.#outbox.add({ clientId, conversationId, content, replyTo, createdAt });
    this.#tell("queued", { entry });
    this.#pump(conversationId);
  }

  waitingIn(conversationId) {
    return this.#outbox.of(conversationId);
  }

  retry(clientId) {
    this.#outbox.retry(clientId);
    const entry = this.#outbox.get(clientId);
    this.#tell("queued", { entry });
    this.#pump(entry.conversationId);
  }

  discard(clientId) {
    this.#outbox.remove(clientId);
  }

  /** It turned out to be stored already. */
  settle(clientId) {
    this.#outbox.remove(clientId);
  }

  flush() {
    for (const conversationId of this.#outbox.conversationIds()) this.#pump(conversationId);
  }

  async #pump(conversationId) {
    if (this.#busy.has(conversationId)) return;
    this.#busy.add(conversationId);
    try {
      let entry;
      while ((entry = this.#outbox.nextFor(conversationId))) await this.#deliver(entry);
    } catch (error) {
      // The next connection flushes again.
      if (!(error instanceof ConnectionLost)) throw error;
    } finally {
      this.#busy.delete(conversationId);
    }
  }

  async #deliver(entry) {
    const { clientId, conversationId, content, replyTo } = entry;
    const body = { conversationId, content, clientId, replyToId: replyTo?.id ?? null };
    try {
      const message = await this.#socket.request("sendMessage", body);
      this.#outbox.remove(clientId);
      this.#tell("sent", { entry, message });
    } catch (error) {
      if (error instanceof ConnectionLost) throw error;
      await this.#refused(entry, error);
    }
  }

  async #refused(entry, error) {
    if (TRANSIENT.has(error.code)) {
      const seconds = error.retryAfter ?? RETRY_AFTER;
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      return;
    }
    this.#outbox.fail(entry.clientId, error.message);
    this.#tell("failed", { entry: this.#outbox.get(entry.clientId) });
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
