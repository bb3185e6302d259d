/** Says "typing" every few seconds while somebody types, and that it stopped after a while of idling. */
export class TypingSender {
  #send;
  #repeat;
  #idle;
  #now;
  #lastSaid = null;
  #timer = null;

  constructor({ send, repeat = 4_000, idle = 5_000, now = () => Date.now() }) {
    this.#send = send;
    this.#repeat = repeat;
    this.#idle = idle;
    this.#now = now;
  }

  keystroke() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.stop(), this.#idle);
    if (this.#lastSaid !== null && this.#now() - this.#lastSaid < this.#repeat) return;
    this.#lastSaid = this.#now();
    this.#send(true);
  }

  /** The text is gone, or nobody touched it for a while. */
  stop() {
    if (this.forget()) this.#send(false);
  }

  /** The message went out; receivers stop showing it by themselves. */
  forget() {
    clearTimeout(this.#timer);
    const wasTyping = this.#lastSaid !== null;
    this.#lastSaid = null;
    return wasTyping;
  }
}
