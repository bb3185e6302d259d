import { ConnectionLost } from "./socket.js";

const TRANSIENT = new Set(["throttled", "unavailable", "error"]);
const RETRY_AFTER = 2;

/**
 * Brings messages from the outbox to the server: one at a time per conversation, in order, until each is
 * acknowledged or refused. The same clientId on every attempt makes a repeat safe.
 * Dispatches `queued` {entry}, `sent` {entry, message}, `failed` {entry}, `discarded` {entry}; what happens in
 * another page of this browser is told here too. Dispatches `delayed` {entry, seconds} when it was too fast.
 */
export class Sender extends EventTarget {
  #socket;
  #outbox;
  #locks;
  #others;
  #busy = new Set();

  /** `locks` lets one page at a time send in a conversation; `others` is a BroadcastChannel to the other pages. */
  constructor({ socket, outbox, locks, others }) {
    super();
    this.#socket = socket;
    this.#outbox = outbox;
    this.#locks = locks;
    this.#others = others;
    socket.addEventListener("connected", () => this.flush());
    others.addEventListener("message", ({ data }) => this.#heard(data));
  }

  async send({ conversationId, content, replyTo }) {
    const createdAt = new Date().toISOString();
    const clientId = crypto.randomUUID();
    await this.#queue(clientId, this.#outbox.add({ clientId, conversationId, content, replyTo, createdAt }));
  }

  waitingIn(conversationId) {
    return this.#outbox.of(conversationId);
  }

  /** What was refused, and waits for its writer's decision. */
  failedIn(conversationId) {
    return this.#outbox.failedIn(conversationId);
  }

  async retry(clientId) {
    await this.#queue(clientId, this.#outbox.retry(clientId));
  }

  /** In the order in which they were written. */
  async retryAll(conversationId) {
    await Promise.all(this.failedIn(conversationId).map(({ clientId }) => this.retry(clientId)));
  }

  async discard(clientId) {
    const entry = this.#outbox.get(clientId);
    const isGone = this.#outbox.remove(clientId);
    this.#tell("discarded", { entry });
    await isGone;
  }

  /** It turned out to be stored already. */
  async settle(clientId) {
    await this.#outbox.remove(clientId);
  }

  async flush() {
    await Promise.all(this.#outbox.conversationIds().map((id) => this.#pump(id)));
  }

  /**
   * It goes out before it is shown, and while the disk still writes; a full one is an error, and yet no reason not to
   * send.
   */
  async #queue(clientId, isKept) {
    const entry = this.#outbox.get(clientId);
    const isDone = this.#pump(entry.conversationId, entry);
    this.#tellHere("queued", { entry });
    await Promise.all([this.#tellOthersOnce(isKept, entry), isDone]);
  }

  /** Other pages take what is not on the disk for sent. */
  async #tellOthersOnce(isKept, { clientId }) {
    await isKept;
    const entry = this.#outbox.get(clientId);
    if (entry) this.#others.postMessage({ type: "queued", detail: { entry } });
  }

  /** `written` is an entry that was written in this page just now. */
  async #pump(conversationId, written = null) {
    if (this.#busy.has(conversationId)) return;
    this.#busy.add(conversationId);
    const first = this.#sendAtOnce(conversationId, written);
    // How it ended is heard below, when the turn has come.
    first.catch(() => {});
    try {
      await this.#locks.request(`parley.outbox.${conversationId}`, () => this.#empty(conversationId, first));
    } catch (error) {
      // The next connection flushes again.
      if (!(error instanceof ConnectionLost)) throw error;
    }
  }

  /**
   * What is alone overtakes nothing, and need not wait for its turn; other pages hear of it later, and then wait for
   * this one.
   */
  async #sendAtOnce(conversationId, written) {
    const isAlone = this.#outbox.of(conversationId).every((entry) => entry === written);
    if (written && isAlone && this.#socket.isConnected) await this.#deliver(written);
  }

  async #empty(conversationId, first) {
    try {
      await first;
      await this.#outbox.refresh();
      let entry;
      while ((entry = this.#outbox.nextFor(conversationId))) await this.#deliver(entry);
    } finally {
      this.#busy.delete(conversationId);
    }
  }

  async #deliver(entry) {
    const { clientId, conversationId, content, replyTo } = entry;
    const body = { conversationId, content, clientId, replyToId: replyTo?.id ?? null };
    try {
      const message = await this.#socket.request("sendMessage", body);
      const isGone = this.#outbox.remove(clientId);
      this.#tell("sent", { entry, message });
      await isGone;
    } catch (error) {
      if (error instanceof ConnectionLost) throw error;
      await this.#refused(entry, error);
    }
  }

  async #refused(entry, error) {
    if (!("code" in error)) throw error;
    if (TRANSIENT.has(error.code)) {
      const seconds = error.retryAfter ?? RETRY_AFTER;
      if (error.code === "throttled") this.#tellHere("delayed", { entry, seconds });
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      return;
    }
    const isKept = this.#outbox.fail(entry.clientId, error.message);
    this.#tell("failed", { entry: this.#outbox.get(entry.clientId) });
    await isKept;
  }

  #tell(type, detail) {
    this.#others.postMessage({ type, detail });
    this.#tellHere(type, detail);
  }

  #tellHere(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #heard({ type, detail }) {
    const { entry } = detail;
    if (type === "sent" || type === "discarded") this.#outbox.forget(entry.clientId);
    else this.#outbox.note(entry);
    this.#tellHere(type, detail);
    // Its page may be closed before it gets through: then this one takes over.
    if (type === "queued") this.#pump(entry.conversationId);
  }
}
