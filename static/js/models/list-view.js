import { byPlace, titleOf } from "./conversation-book.js";

/** What the list shows of all conversations: a filter, a search, and how far down it has been loaded. */
export class ListView {
  filter;
  search;
  /** Where the next page begins; null when all is there, undefined while nothing has been answered. */
  cursor;
  isLoading = false;
  #horizon = null;

  constructor({ filter = "all", search = "" } = {}) {
    this.filter = filter;
    this.search = search.trim();
  }

  /** Notes an answer of the server, whose last row is as far as this view knows the order of things. */
  loaded({ conversations, nextCursor }) {
    this.cursor = nextCursor;
    this.#horizon = nextCursor === null ? null : (conversations.at(-1) ?? this.#horizon);
  }

  /** Whether the conversation has its place among those that are loaded. */
  shows(state) {
    return this.#matches(state) && (this.#horizon === null || byPlace(state, this.#horizon) <= 0);
  }

  #matches(state) {
    if (this.search && !folded(titleOf(state)).includes(folded(this.search))) return false;
    if (this.filter === "archived") return Boolean(state.archivedAt);
    // Whoever looks for a name finds it wherever it was put.
    if (this.filter === "all") return Boolean(this.search) || !state.archivedAt;
    if (state.archivedAt) return false;
    return this.filter === "groups" ? state.kind === "group" : state.unreadCount > 0;
  }
}

function folded(text) {
  return text.toLocaleLowerCase();
}
