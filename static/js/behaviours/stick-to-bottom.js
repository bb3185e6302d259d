// So near the end counts as the end: a line of text, or a rounding.
const NEAR = 80;

/** Keeps a reader at the end at the end, and a reader of history where they are. */
export class StickToBottom {
  #scroller;
  #isAtBottom = true;

  constructor(scroller) {
    this.#scroller = scroller;
    scroller.addEventListener("scroll", () => this.note(), { passive: true });
    // The keyboard opens, the composer grows: the last message stays in sight.
    new ResizeObserver(() => this.#isAtBottom && this.scroll()).observe(scroller);
  }

  get isAtBottom() {
    return this.#isAtBottom;
  }

  scroll({ smoothly = false } = {}) {
    this.#isAtBottom = true;
    const behavior = smoothly && !matchMedia("(prefers-reduced-motion)").matches ? "smooth" : "instant";
    this.#scroller.scrollTo({ top: this.#scroller.scrollHeight, behavior });
  }

  note() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    this.#isAtBottom = scrollHeight - scrollTop - clientHeight < NEAR;
  }
}
