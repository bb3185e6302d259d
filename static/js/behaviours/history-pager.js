import { socket } from "../app.js";
import { ConnectionLost, Refused } from "../socket.js";
import { show } from "../lib/dom.js";
import { keepingPlace } from "./reading-place.js";

// Asked for before the edge is reached, so that scrolling does not stop there.
const MARGIN = "600px";
// So many stored messages stand on the page at most, however long the history: a page on a phone stays quick.
const WINDOW = 200;
// At the end they come one by one, and are not worth a measurement each.
const SLACK = 50;

/**
 * Loads older and newer pages as their edge comes near, and lets go of what is far away. The reader's place does
 * not move.
 */
export class HistoryPager {
  #conversationId;
  #scroller;
  #days;
  #insert;
  #latestSeq;
  #atEnd;
  #loading = null;

  /** `latestSeq` tells how far the conversation goes; `atEnd` is called whenever its end stands on the page again. */
  constructor({ conversationId, scroller, days, older, newer, beginning, insert, latestSeq, atEnd }) {
    this.#conversationId = conversationId;
    this.#scroller = scroller;
    this.#days = days;
    this.#insert = insert;
    this.#latestSeq = latestSeq;
    this.#atEnd = atEnd;
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

  latest() {
    return this.#load({}, (page) => this.#replace(page));
  }

  /** So that the message with this seq stands on the page. */
  around(seq) {
    return this.#load({ around: seq }, (page) => this.#replace(page));
  }

  /** At the end new messages come without end. */
  letGoOfOldest() {
    if (this.#days.stored.length <= WINDOW + SLACK) return;
    this.#keepPlace(() => this.#days.trim(WINDOW, "oldest") && this.#showEdges({ older: true }));
  }

  #loadOlder() {
    if (!this.#loading) this.#load({ before: this.#days.firstSeq }, (page) => this.#prepend(page));
  }

  #loadNewer() {
    if (!this.#loading) this.#load({ after: this.#days.lastSeq }, (page) => this.#append(page));
  }

  #replace(page) {
    this.#days.clear();
    show(this.newer, true);
    page.messages.forEach(this.#insert);
    this.#showEdges({ older: page.hasOlder, newer: this.#hasNewer(page) });
  }

  #prepend(page) {
    this.#keepPlace(() => {
      page.messages.forEach(this.#insert);
      const hasLetGo = this.#days.trim(WINDOW, "newest");
      this.#showEdges({ older: page.hasOlder, ...(hasLetGo && { newer: true }) });
    });
  }

  #append(page) {
    this.#keepPlace(() => {
      page.messages.forEach(this.#insert);
      const hasLetGo = this.#days.trim(WINDOW, "oldest");
      this.#showEdges({ newer: this.#hasNewer(page), ...(hasLetGo && { older: true }) });
    });
  }

  /** One more may have come while the page was on its way. */
  #hasNewer({ messages, hasNewer }) {
    return hasNewer || (messages.length > 0 && this.#days.lastSeq < this.#latestSeq());
  }

  #keepPlace(change) {
    keepingPlace(this.#scroller, this.#days.stored, change);
  }

  /** One page at a time. */
  async #load(bounds, change) {
    while (this.#loading) await this.#loading;
    this.#loading = this.#fetch(bounds, change);
    await this.#loading;
  }

  async #fetch(bounds, change) {
    this.#scroller.ariaBusy = "true";
    try {
      change(await socket.request("getMessages", { conversationId: this.#conversationId, ...bounds }));
    } catch (error) {
      // The link stays, and so does the place to try again.
      if (!(error instanceof ConnectionLost || error instanceof Refused)) throw error;
    } finally {
      this.#loading = null;
      this.#scroller.ariaBusy = "false";
    }
  }

  #showEdges({ older, newer }) {
    if (older !== undefined) {
      show(this.older, older);
      show(this.beginning, !older);
    }
    if (newer !== undefined) this.#showNewer(newer);
    this.#lookAgain();
  }

  #showNewer(hasNewer) {
    const wasAtEnd = this.reachesEnd;
    show(this.newer, hasNewer);
    if (this.reachesEnd && !wasAtEnd) this.#atEnd();
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
