import { ConnectionLost, Refused } from "./socket.js";
import { soon } from "./lib/throttle.js";

// Gathers what comes in a burst, and what is read at once anyway.
const PATIENCE = 250;
// Well under what the server allows one socket.
const PACE = 50;

/** Confirms that this device holds messages, up to the last one per conversation. */
export class Delivery {
  #socket;
  #confirmed = new Map();
  #due = new Map();
  #isFlushing = false;

  constructor({ socket }) {
    this.#socket = socket;
    this.flushSoon = soon(() => this.#flush(), PATIENCE);
    socket.addEventListener("connected", () => this.flushSoon());
  }

  /** The server knows that everything up to here has arrived. */
  settle(conversationId, seq) {
    this.#confirmed.set(conversationId, Math.max(this.#confirmedUpTo(conversationId), seq));
  }

  received(conversationId, seq) {
    this.#due.set(conversationId, Math.max(this.#due.get(conversationId) ?? 0, seq));
    this.flushSoon();
  }

  async #flush() {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    try {
      for (const [conversationId, upToSeq] of this.#due) await this.#confirm(conversationId, upToSeq);
    } catch (error) {
      this.#postpone(error);
    } finally {
      this.#isFlushing = false;
    }
  }

  async #confirm(conversationId, upToSeq) {
    if (upToSeq > this.#confirmedUpTo(conversationId)) await this.#ask(conversationId, upToSeq);
    if (this.#due.get(conversationId) === upToSeq) this.#due.delete(conversationId);
    // Meanwhile another one came.
    else this.flushSoon();
  }

  async #ask(conversationId, upToSeq) {
    try {
      await this.#socket.request("markMessagesAsDelivered", { conversationId, upToSeq });
      this.settle(conversationId, upToSeq);
      await new Promise((resolve) => setTimeout(resolve, PACE));
    } catch (error) {
      // What is refused for good, because the conversation is gone, holds up nothing.
      if (!(error instanceof Refused) || error.retryAfter !== null) throw error;
    }
  }

  #postpone(error) {
    // The next connection flushes again.
    if (error instanceof ConnectionLost) return;
    if (!(error instanceof Refused)) throw error;
    setTimeout(() => this.#flush(), error.retryAfter * 1000);
  }

  #confirmedUpTo(conversationId) {
    return this.#confirmed.get(conversationId) ?? 0;
  }
}
