import { book, socket } from "../app.js";
import { noteState } from "../feed.js";
import { rovingRows } from "../behaviours/roving-rows.js";
import { embedded, field, show } from "../lib/dom.js";
import { byActivity } from "../models/conversation-book.js";
import { fillRow, fillTime, rowElement } from "../views/row.js";

// A row never slips away under a resting pointer; but news do not wait for ever.
const LONGEST_HOLD = 3_000;

/** The left pane: rows of the book, sorted by activity, live. */
customElements.define(
  "conversation-list",
  class extends HTMLElement {
    #changed = new Set();
    #frame = null;
    #hold = null;

    connectedCallback() {
      this.rows = field(this, "rows");
      book.addEventListener("change", ({ detail }) => this.#schedule(detail.id));
      socket.addEventListener("typingChanged", ({ detail }) => this.#schedule(detail.conversationId));
      this.rows.addEventListener("pointerleave", () => this.#sortNow());
      document.addEventListener("visibilitychange", () => this.#refreshTimes());
      document.addEventListener("pane:opened", ({ detail }) => this.#markOpen(detail.path));
      this.#watchMore();
      rovingRows(this.rows);
      for (const state of embedded("conversation-states", this)) noteState(state);
    }

    #schedule(id) {
      this.#changed.add(id);
      this.#frame ??= requestAnimationFrame(() => {
        this.#frame = null;
        this.#render();
      });
    }

    #render() {
      for (const id of this.#changed) this.#renderRow(id);
      this.#changed.clear();
      this.#sort();
      show(field(this, "empty"), this.rows.childElementCount === 0);
      this.#showTotal();
    }

    #renderRow(id) {
      const state = book.get(id);
      const row = this.#row(id);
      if (!state) row?.remove();
      else if (row) fillRow(row, state);
      else if (this.#belongs(state)) this.#add(state);
    }

    #add(state) {
      const row = rowElement(state);
      fillRow(row, state);
      this.rows.append(row);
      this.#markOpen(location.pathname);
    }

    /** What is older than the last row comes with the next page. */
    #belongs(state) {
      const last = book.get(Number(this.rows.lastElementChild?.dataset.conversationId));
      return !field(this, "more") || !last || byActivity(state, last) < 0;
    }

    #row(id) {
      return this.rows.querySelector(`[data-conversation-id="${id}"]`);
    }

    #sort() {
      if (!this.rows.matches(":hover") || matchMedia("(hover: none)").matches) this.#sortNow();
      else this.#hold ??= setTimeout(() => this.#sortNow(), LONGEST_HOLD);
    }

    #sortNow() {
      clearTimeout(this.#hold);
      this.#hold = null;
      const wanted = book.sorted().map(({ id }) => this.#row(id)).filter(Boolean);
      wanted.forEach((row, index) => {
        const there = this.rows.children[index];
        if (there !== row) move(row, this.rows, there);
      });
    }

    #showTotal() {
      const title = document.title.replace(/^\(\d+\) /, "");
      document.title = book.unreadTotal ? `(${book.unreadTotal}) ${title}` : title;
    }

    #refreshTimes() {
      for (const state of book.sorted()) {
        const row = this.#row(state.id);
        if (row) fillTime(row, state);
      }
    }

    #markOpen(path) {
      for (const link of this.rows.querySelectorAll("a")) {
        if (link.pathname === path) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      }
      this.#showTotal();
    }

    #watchMore() {
      const more = field(this, "more");
      if (!more) return;
      const observer = new IntersectionObserver(([entry]) => {
        if (entry.isIntersecting) this.#loadMore(more);
      }, { root: this.querySelector(".list-scroller"), rootMargin: "400px" });
      observer.observe(more);
    }

    async #loadMore(more) {
      if (!socket.isConnected || this.ariaBusy === "true") return;
      this.ariaBusy = "true";
      try {
        const page = await socket.request("getConversations", { cursor: more.dataset.cursor });
        if (page.nextCursor) more.dataset.cursor = page.nextCursor;
        else more.remove();
        for (const state of page.conversations) {
          noteState(state);
          if (!this.#row(state.id)) this.#add(state);
        }
      } finally {
        this.ariaBusy = "false";
      }
    }
  },
);

/** Keeps the focus, which an element otherwise loses when it moves. */
function move(row, rows, next) {
  if (rows.moveBefore) {
    rows.moveBefore(row, next);
    return;
  }
  const focused = row.contains(document.activeElement) ? document.activeElement : null;
  rows.insertBefore(row, next);
  focused?.focus({ preventScroll: true });
}
