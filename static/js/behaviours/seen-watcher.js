import { throttle } from "../lib/throttle.js";

const INTERVAL = 200;
// A message counts as seen when all but so many pixels of it are on the screen.
const TOLERANCE = 12;

/** Tells the seq of the last message that somebody has really before their eyes: page shown, focused, in view. */
export class SeenWatcher {
  #scroller;
  #days;
  #tell;

  constructor({ scroller, days, tell }) {
    this.#scroller = scroller;
    this.#days = days;
    this.#tell = tell;
    this.look = throttle(() => this.#look(), INTERVAL);
  }

  watch(signal) {
    this.#scroller.addEventListener("scroll", this.look, { passive: true, signal });
    addEventListener("focus", this.look, { signal });
    document.addEventListener("visibilitychange", this.look, { signal });
    this.look();
  }

  #look() {
    if (document.visibilityState !== "visible" || !document.hasFocus()) return;
    const { bottom } = this.#scroller.getBoundingClientRect();
    const last = this.#days.stored.findLast(
      (message) => message.getBoundingClientRect().bottom - TOLERANCE <= bottom,
    );
    if (last) this.#tell(Number(last.dataset.seq));
  }
}
