import { viewerId } from "../app.js";
import { field, show } from "../lib/dom.js";
import { answerOrNull } from "../lib/fetch.js";
import { EmojiSet, noteRecent } from "../models/emoji-set.js";

const RECENT = `parley.emoji.${viewerId}`;
const STEPS = { ArrowLeft: () => -1, ArrowRight: () => 1, ArrowUp: (columns) => -columns, ArrowDown: (columns) => columns };

/** Emoji by group or by word. Tells `emoji` {emoji}, which bubbles. What it shows is loaded when it is first opened. */
customElements.define(
  "emoji-picker",
  class extends HTMLElement {
    #set = null;
    #leaving = new AbortController();

    connectedCallback() {
      this.button = this.querySelector("[data-action=emoji]");
      this.panel = field(this, "panel");
      this.search = field(this, "search");
      this.grid = field(this, "grid");
      this.button.addEventListener("click", () => (this.panel.hidden ? this.#open() : this.#close()));
      field(this, "groups").addEventListener("click", ({ target }) => this.#showGroup(target.closest("button")));
      this.search.addEventListener("input", () => this.#searched());
      this.grid.addEventListener("click", ({ target }) => this.#choose(target.closest("button")));
      this.addEventListener("keydown", (event) => this.panel.hidden || this.#key(event));
      document.addEventListener("pointerdown", ({ target }) => !this.contains(target) && this.#close(), this.#leaving);
    }

    disconnectedCallback() {
      this.#leaving.abort();
    }

    async #open() {
      this.#set ??= await load(this.dataset.url);
      // Without a network, and never opened before.
      if (!this.#set) return;
      show(this.panel, true);
      this.button.ariaExpanded = "true";
      this.search.value = "";
      this.#showGroup(this.querySelector(`[data-group="${recent().length ? "recent" : 0}"]`));
      // By touch it would bring up the keyboard, over the emoji.
      if (matchMedia("(hover: hover)").matches) this.search.focus();
    }

    #close() {
      show(this.panel, false);
      this.button.ariaExpanded = "false";
    }

    #showGroup(tab) {
      if (!tab) return;
      const { group } = tab.dataset;
      this.search.value = "";
      this.#mark(tab);
      this.#fill(group === "recent" ? this.#set.named(recent()) : this.#set.in(Number(group)));
    }

    #searched() {
      this.#mark(null);
      this.#fill(this.#set.search(this.search.value));
    }

    #mark(tab) {
      for (const one of field(this, "groups").children) one.ariaPressed = String(one === tab);
    }

    #fill(emoji) {
      this.grid.replaceChildren(...emoji.map(button));
      this.grid.scrollTop = 0;
      show(field(this, "nothing"), emoji.length === 0);
      if (this.grid.firstChild) this.grid.firstChild.tabIndex = 0;
    }

    #choose(chosen) {
      if (!chosen) return;
      const emoji = chosen.textContent;
      localStorage.setItem(RECENT, JSON.stringify(noteRecent(recent(), emoji)));
      this.dispatchEvent(new CustomEvent("emoji", { detail: { emoji }, bubbles: true }));
    }

    #key(event) {
      if (event.key === "Escape") this.#leave(event);
      else if (event.target === this.search) this.#keyInSearch(event);
      else if (event.key in STEPS && this.grid.contains(event.target)) this.#step(event);
    }

    /** Escape gives up the emoji, and not also what is being edited. */
    #leave(event) {
      event.stopPropagation();
      this.#close();
      this.button.focus();
    }

    #keyInSearch(event) {
      if (event.key === "Enter") {
        event.preventDefault();
        this.#choose(this.grid.firstElementChild);
      } else if (event.key === "ArrowDown") {
        event.preventDefault();
        this.grid.firstElementChild?.focus();
      }
    }

    #step(event) {
      event.preventDefault();
      const buttons = [...this.grid.children];
      const columns = getComputedStyle(this.grid).gridTemplateColumns.split(" ").length;
      const mirrored = getComputedStyle(this).direction === "rtl" && event.key.match(/Left|Right/) ? -1 : 1;
      const next = buttons[buttons.indexOf(event.target) + STEPS[event.key](columns) * mirrored];
      next?.focus();
    }
  },
);

function button({ emoji, annotation }) {
  const element = document.createElement("button");
  Object.assign(element, { type: "button", textContent: emoji, title: annotation, ariaLabel: annotation, tabIndex: -1 });
  return element;
}

function recent() {
  return JSON.parse(localStorage.getItem(RECENT) ?? "[]");
}

async function load(url) {
  const answer = await answerOrNull(url);
  return answer?.ok ? new EmojiSet(await answer.json()) : null;
}
