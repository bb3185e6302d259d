import { socket } from "../app.js";
import { ConnectionLost, Refused } from "../socket.js";
import { show } from "../lib/dom.js";

// Asked for before the edge is reached, so that scrolling does not stop there.
const MARGIN = "600px";

/** Loads older and newer pages as their edge comes near; the reader's place does not move. */
export class HistoryPager {
  #conversationId;
  #scroller;
  #days;
  #insert;
  #isBusy = false;

  constructor({ conversationId, scroller, days, older, newer, beginning, insert }) {
    this.#conversationId = conversationId;
    this.#scroller = scroller;
    this.#days = days;
    this.#insert = insert;
    this.older = older;
    this.newer = newer;
    this.beginning = beginning;
  }

  /** False while newer messages are still to be loaded: then live ones cannot be appended. */
  get reachesEnd() {
    return this.newer.hidden;
  }

  watch(signal) {
    const root = this.#scroller;
    const observer = new IntersectionObserver((entries) => this.#approach(entries), {
      root,
      rootMargin: MARGIN,
    });
    observer.observe(this.older);
    observer.observe(this.newer);
    this.older.addEventListener("click", (event) => this.#clicked(event, "before"), { signal });
    this.newer.addEventListener("click", (event) => this.#clicked(event, "after"), { signal });
    signal.addEventListener("abort", () => observer.disconnect());
    this.#observer = observer;
  }

  #observer;

  async latest() {
    const page = await this.#ask({});
    if (!page) return;
    this.#days.clear();
    page.messages.forEach(this.#insert);
    this.#showEdges({ older: page.hasOlder, newer: false });
  }

  /** So that the message with this seq stands on the page. */
  async around(seq) {
    const page = await this.#ask({ around: seq });
    if (!page) return;
    this.#days.clear();
    page.messages.forEach(this.#insert);
    this.#showEdges({ older: page.hasOlder, newer: page.hasNewer });
  }

  async #loadOlder() {
    const page = await this.#ask({ before: this.#days.firstSeq });
    if (!page) return;
    const { scrollHeight, scrollTop } = this.#scroller;
    page.messages.forEach(this.#insert);
    this.#showEdges({ older: page.hasOlder });
    this.#scroller.scrollTop = scrollTop + this.#scroller.scrollHeight - scrollHeight;
  }

  async #loadNewer() {
    const page = await this.#ask({ after: this.#days.lastSeq });
    if (!page) return;
    page.messages.forEach(this.#insert);
    this.#showEdges({ newer: page.hasNewer });
  }

  async #ask(bounds) {
    if (this.#isBusy) return null;
    this.#isBusy = true;
    this.#scroller.ariaBusy = "true";
    try {
      return await socket.request("getMessages", { conversationId: this.#conversationId, ...bounds });
    } catch (error) {
      // The link stays, and so does the place to try again.
      if (error instanceof ConnectionLost || error instanceof Refused) return null;
      throw error;
    } finally {
      this.#isBusy = false;
      this.#scroller.ariaBusy = "false";
    }
  }

  #showEdges({ older, newer }) {
    if (older !== undefined) {
      show(this.older, older);
      show(this.beginning, !older);
    }
    if (newer !== undefined) show(this.newer, newer);
    this.#lookAgain();
  }

  /** An edge that is still in sight does not cross anything, so nobody would tell. */
  #lookAgain() {
    for (const edge of [this.older, this.newer]) {
      this.#observer.unobserve(edge);
      this.#observer.observe(edge);
    }
  }

  #approach(entries) {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting || target.hidden || !socket.isConnected) continue;
      if (target === this.older) this.#loadOlder();
      else this.#loadNewer();
    }
  }

  #clicked(event, side) {
    if (!socket.isConnected) return;
    event.preventDefault();
    if (side === "before") this.#loadOlder();
    else this.#loadNewer();
  }
}
