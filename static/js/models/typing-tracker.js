/** Who is writing where. Nobody says reliably that they stopped, so each entry expires. */
export class TypingTracker {
  #expiry;
  #now;
  #until = new Map();

  constructor({ expiry = 8_000, now = () => Date.now() } = {}) {
    this.#expiry = expiry;
    this.#now = now;
  }

  note(conversationId, userId, isTyping) {
    const people = this.#peopleIn(conversationId);
    if (isTyping) people.set(userId, this.#now() + this.#expiry);
    else people.delete(userId);
  }

  /** In the order in which they began. */
  who(conversationId) {
    const now = this.#now();
    return [...this.#peopleIn(conversationId)]
      .filter(([, until]) => until > now)
      .map(([userId]) => userId);
  }

  /** Drops what is over; gives the conversations in which something ended. */
  expire() {
    const now = this.#now();
    const ended = [];
    for (const [conversationId, people] of this.#until) {
      const gone = [...people].filter(([, until]) => until <= now);
      for (const [userId] of gone) people.delete(userId);
      if (gone.length) ended.push(conversationId);
    }
    return ended;
  }

  #peopleIn(conversationId) {
    if (!this.#until.has(conversationId)) this.#until.set(conversationId, new Map());
    return this.#until.get(conversationId);
  }
}
