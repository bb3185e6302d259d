import { book, drafts, socket } from "../app.js";
import { onMenuRequest } from "../behaviours/menu-request.js";
import { noteState } from "../feed.js";
import { rovingRows } from "../behaviours/roving-rows.js";
import { embedded, field, show } from "../lib/dom.js";
import { debounce, soon } from "../lib/throttle.js";
import { ListView } from "../models/list-view.js";
import { ConnectionLost, Refused } from "../socket.js";
import { showUnread } from "../unread-badge.js";
import { fillRow, fillTime, rowElement } from "../views/row.js";

// A row never slips away under a resting pointer; but news do not wait for ever.
const LONGEST_HOLD = 3_000;
const SEARCH_PATIENCE = 200;
const TITLE_PATIENCE = 300;
const MANY = 20;

/** The left pane: the conversations of a filter or a search, by their order, live. */
customElements.define(
  "conversation-list",
  class extends HTMLElement {
    #changed = new Set();
    #rows = new Map();
    #frame = null;
    #hold = null;
    #observer = null;
    // Not for what is read at once; and drawing takes longer than a frame has.
    #showUnreadSoon = soon(() => showUnread(book.unreadTotal), TITLE_PATIENCE);

    connectedCallback() {
      this.rows = field(this, "rows");
      this.more = field(this, "more");
      this.searching = field(this, "search");
      for (const row of this.rows.children) this.#rows.set(Number(row.dataset.conversationId), row);
      book.noteArchived(embedded("archived-conversations", this));
      this.#takeOverView();
      this.#listen();
      this.#watchMore();
      rovingRows(this.rows);
      this.#watchMenus();
      for (const state of embedded("conversation-states", this)) noteState(state);
    }

    #listen() {
      book.addEventListener("change", ({ detail }) => this.#schedule(detail.id));
      socket.addEventListener("typingChanged", ({ detail }) => this.#schedule(detail.conversationId));
      socket.addEventListener("connected", () => this.view.cursor === undefined && this.#load());
      this.rows.addEventListener("pointerleave", () => this.#arrangeNow());
      document.addEventListener("visibilitychange", () => this.#refreshTimes());
      document.addEventListener("info:changed", ({ detail }) => this.#markOpen(detail.path));
      document.addEventListener("pane:opened", ({ detail }) => this.#markOpen(detail.path));
      drafts.addEventListener("change", ({ detail }) => this.#schedule(detail.conversationId));
    }

    // --- What is shown ---------------------------------------------------------------------------

    #takeOverView() {
      const { filter, search } = this.dataset;
      this.view = new ListView({ filter, search });
      this.view.loaded({
        conversations: embedded("conversation-states", this).slice(0, this.rows.childElementCount),
        nextCursor: this.more.dataset.cursor || null,
      });
      this.addEventListener("click", (event) => this.#chooseFilter(event));
      this.searching.addEventListener("input", debounce(() => this.#show({ search: this.searching.value }), SEARCH_PATIENCE));
      this.searching.form.addEventListener("submit", (event) => event.preventDefault());
      // Typed before this was here, or restored by the browser.
      if (this.searching.value !== this.searching.defaultValue) this.#show({ search: this.searching.value });
    }

    #chooseFilter(event) {
      const link = event.target.closest("a[data-filter]");
      if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      this.#show({ filter: link.dataset.filter });
    }

    #show({ filter = this.view.filter, search = this.view.search }) {
      this.view = new ListView({ filter, search });
      this.dataset.filter = filter;
      for (const chip of this.querySelectorAll(".chip")) {
        if (chip.dataset.filter === filter) chip.setAttribute("aria-current", "true");
        else chip.removeAttribute("aria-current");
      }
      // While the browser knows where everything is: afterwards it would have to find out.
      this.querySelector(".list-scroller").scrollTop = 0;
      this.#arrangeNow();
      this.#load();
    }

    // --- More of it ------------------------------------------------------------------------------

    #watchMore() {
      this.#observer = new IntersectionObserver((entries) => {
        if (entries.at(-1).isIntersecting && this.view.cursor) this.#load();
      }, { root: this.querySelector(".list-scroller"), rootMargin: "400px" });
      this.#observer.observe(this.more);
    }

    /** Whoever scrolls faster than it loads never leaves the end, and so would never come to it again. */
    #lookForEndAgain() {
      this.#observer.unobserve(this.more);
      this.#observer.observe(this.more);
    }

    /** The next page of this view, or its first. */
    async #load() {
      const { view } = this;
      if (!socket.isConnected || view.isLoading) return;
      const { filter, search, cursor } = view;
      view.isLoading = true;
      this.#showEnd();
      try {
        const page = await socket.request("getConversations", { filter, search, cursor: cursor ?? null });
        view.loaded(page);
        // What is known already is kept up to date by events, and may be ahead of this answer.
        for (const state of page.conversations) if (!book.get(state.id)) noteState(state);
      } catch (error) {
        // The next connection, or scrolling on, asks again.
        if (!(error instanceof ConnectionLost || error instanceof Refused)) throw error;
      } finally {
        view.isLoading = false;
        if (view === this.view) {
          this.#arrangeNow();
          this.#lookForEndAgain();
        }
      }
    }

    /** What stands below the rows: more of them, that they are coming, or why there are none. */
    #showEnd() {
      const { isLoading, cursor, filter, search } = this.view;
      const isEmpty = this.rows.childElementCount === 0;
      const isAnything = book.sorted().length > 0 || search !== "";
      this.rows.ariaBusy = String(isLoading);
      show(this.more, Boolean(cursor));
      show(field(this, "loading"), isLoading && isEmpty);
      show(field(this, "empty"), isEmpty && !isLoading && !isAnything);
      show(field(this, "no-hits"), isEmpty && !isLoading && isAnything);
      show(field(this, "search-people"), search !== "");
      show(field(this, "archive"), filter === "all" && !search && book.archivedCount > 0);
      show(field(this, "archived-heading"), filter === "archived");
    }

    // --- Rows ------------------------------------------------------------------------------------

    #schedule(id) {
      this.#changed.add(id);
      this.#frame ??= requestAnimationFrame(() => {
        this.#frame = null;
        this.#render();
      });
    }

    #render() {
      for (const id of this.#changed) {
        const row = this.#rows.get(id);
        if (row && book.get(id)) fillRow(row, book.get(id));
      }
      this.#changed.clear();
      this.#arrange();
      this.#showUnreadSoon();
    }

    #arrange() {
      if (!this.rows.matches(":hover") || matchMedia("(hover: none)").matches) this.#arrangeNow();
      else this.#hold ??= setTimeout(() => this.#arrangeNow(), LONGEST_HOLD);
    }

    #arrangeNow() {
      clearTimeout(this.#hold);
      this.#hold = null;
      const wanted = book.sorted().filter((state) => this.#belongs(state)).map((state) => this.#rowOf(state));
      const kept = new Set(wanted);
      const gone = [...this.rows.children].filter((row) => !kept.has(row));
      // One by one each of them has the browser look at all others.
      if (gone.length > MANY && !this.rows.contains(document.activeElement)) this.rows.replaceChildren(...wanted);
      else this.#putInOrder(gone, wanted);
      this.#showEnd();
    }

    #putInOrder(gone, wanted) {
      for (const row of gone) row.remove();
      let there = this.rows.firstElementChild;
      for (const row of wanted) {
        if (there === row) there = row.nextElementSibling;
        else move(row, this.rows, there);
      }
    }

    /** What is open stays where it was chosen, though it has been read by now. */
    #belongs(state) {
      const isOpen = this.view.filter === "unread" && isOpenAt(`/c/${state.id}`, location.pathname);
      return this.view.shows(state) || (isOpen && this.#rows.get(state.id)?.isConnected);
    }

    #rowOf(state) {
      const known = this.#rows.get(state.id);
      if (known) return known;
      const row = rowElement(state);
      fillRow(row, state);
      mark(row, state.id, location.pathname);
      this.#rows.set(state.id, row);
      return row;
    }

    #refreshTimes() {
      for (const state of book.sorted()) {
        const row = this.#rows.get(state.id);
        if (row) fillTime(row, state);
      }
    }

    #markOpen(path) {
      for (const [id, row] of this.#rows) {
        // The draft shows in what was left, and not in what was opened.
        if (mark(row, id, path)) this.#schedule(id);
      }
      showUnread(book.unreadTotal);
    }

    // --- Menus -----------------------------------------------------------------------------------

    #watchMenus() {
      const menu = this.querySelector("row-menu");
      const idOf = (element) => Number(element.closest(".conversation-row").dataset.conversationId);
      onMenuRequest(this.rows, ".conversation-row", (row, at) => menu.open(idOf(row), at));
      this.rows.addEventListener("click", ({ target }) => {
        const button = target.closest("[data-action=menu]");
        if (button) menu.open(idOf(button), button);
      });
    }
  },
);

/** Whether it was otherwise before. */
function mark(row, id, path) {
  const link = row.querySelector("a");
  const isOpen = isOpenAt(`/c/${id}`, path);
  if (link.hasAttribute("aria-current") === isOpen) return false;
  if (isOpen) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
  return true;
}

/** Also while the page about it stands beside it. */
function isOpenAt(address, path) {
  return path === address || path.startsWith(`${address}/`);
}

/** Keeps the focus, which an element otherwise loses when it moves. */
function move(row, rows, next) {
  if (rows.moveBefore && row.isConnected) {
    rows.moveBefore(row, next ?? null);
    return;
  }
  const focused = row.contains(document.activeElement) ? document.activeElement : null;
  rows.insertBefore(row, next ?? null);
  focused?.focus({ preventScroll: true });
}
