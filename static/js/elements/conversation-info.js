import { book, socket } from "../app.js";
import { confirmed } from "../behaviours/confirmation.js";
import { fetchInfo, submitInfo } from "../info-pane.js";
import { field, show } from "../lib/dom.js";
import { debounce } from "../lib/throttle.js";

// A change comes as several events.
const PATIENCE = 150;
// Fewer are seen at a glance.
const WORTH_SEARCHING = 8;

/** About a conversation: what the server shows of it, asked for again when it changes. */
customElements.define(
  "conversation-info",
  class extends HTMLElement {
    #leaving = new AbortController();

    connectedCallback() {
      this.conversationId = Number(this.dataset.conversationId);
      this.shown = shownOf(book.get(this.conversationId));
      this.refresh = debounce(() => this.#refresh(), PATIENCE);
      this.addEventListener("submit", (event) => this.#submit(event));
      this.#watchSearch();
      // Whoever is just choosing people is not disturbed.
      if (!("isChoosing" in this.dataset)) this.#listen();
    }

    disconnectedCallback() {
      this.#leaving.abort();
    }

    #listen() {
      const { signal } = this.#leaving;
      book.addEventListener("change", ({ detail }) => detail.id === this.conversationId && this.#noteChange(), { signal });
      socket.addEventListener("conversationUpdated", ({ detail }) => {
        if (detail.conversation.id === this.conversationId) this.refresh();
      }, { signal });
    }

    /** Messages come and go; what is shown here changes rarely. */
    #noteChange() {
      const shown = shownOf(book.get(this.conversationId));
      if (this.shown && this.shown !== shown) this.refresh();
      this.shown = shown;
    }

    async #refresh() {
      const page = await fetchInfo(location.pathname);
      // Whoever is just writing here keeps what was written; it comes with the next change, or when it is saved.
      if (page && !this.#isBeingEdited()) this.#replaceBy(page.info);
    }

    #isBeingEdited() {
      return this.querySelector(".info-edit[open], .menu[open], [data-field=search]:focus") !== null;
    }

    async #submit(event) {
      const form = event.target;
      if (form.method !== "post") return;
      event.preventDefault();
      if ("confirm" in form.dataset && !(await confirmed(form.dataset))) return;
      this.ariaBusy = "true";
      try {
        const page = await submitInfo(form, event.submitter);
        if (page) this.#replaceBy(page.info);
        // Whatever it is, the browser shows it: a sign-in, an error.
        else location.reload();
      } catch (error) {
        // There is no network; the banner says so.
        if (!(error instanceof TypeError)) throw error;
      } finally {
        this.ariaBusy = "false";
      }
    }

    #replaceBy(next) {
      // Somebody went on meanwhile.
      if (!this.isConnected) return;
      const { scrollTop } = this.querySelector(".info-scroller");
      const hadFocus = this.contains(document.activeElement);
      this.replaceWith(next);
      next.querySelector(".info-scroller").scrollTop = scrollTop;
      if (hadFocus) next.querySelector("h1").focus({ preventScroll: true });
      // From the page of choosing it leads back.
      const isChoosing = "isChoosing" in next.dataset;
      const path = `/c/${next.dataset.conversationId}/info${isChoosing ? "/members" : ""}`;
      if (location.pathname !== path) history.replaceState(history.state, "", path);
    }

    // --- Search ----------------------------------------------------------------------------------

    #watchSearch() {
      const search = field(this, "search");
      const rows = [...this.querySelectorAll("[data-name]")];
      if (!search || rows.length < WORTH_SEARCHING) return;
      show(field(this, "search-box"), true);
      search.addEventListener("input", () => this.#filter(rows, search.value.trim().toLocaleLowerCase()));
    }

    #filter(rows, text) {
      for (const row of rows) show(row, row.dataset.name.toLocaleLowerCase().includes(text));
      show(field(this, "no-hits"), rows.every((row) => row.hidden));
    }
  },
);

function shownOf(state) {
  if (!state) return "";
  const { title, peer, isMember, role, pinnedAt, archivedAt, mutedUntil, level } = state;
  return JSON.stringify([title, peer, isMember, role, pinnedAt, archivedAt, mutedUntil, level]);
}
