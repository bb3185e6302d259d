import { goToArea } from "../behaviours/areas.js";
import { field, show } from "../lib/dom.js";
import { isTypingIn, shortcutOf } from "../models/shortcuts.js";

const SINGLE_KEYS = "parley.single-keys";

/**
 * The keyboard's shortcuts, and the dialog that lists them. What a shortcut does stands in the page: it presses,
 * or goes to, the element with its name in `data-shortcut`; only what the page has is listed.
 */
customElements.define(
  "shortcut-map",
  class extends HTMLElement {
    connectedCallback() {
      this.dialog = this.querySelector("dialog");
      this.single = field(this, "single-keys");
      this.single.checked = localStorage.getItem(SINGLE_KEYS) !== "off";
      this.single.addEventListener("change", () => this.#keepChoice());
      // Not to those who listen on the way: a composer's own keys come first.
      document.addEventListener("keydown", (event) => this.#key(event));
      for (const opener of document.querySelectorAll("[data-action=shortcuts]")) {
        show(opener, true);
        opener.addEventListener("click", () => this.#open());
      }
    }

    #key(event) {
      const isTyping = isTypingIn(event.target);
      const name = shortcutOf(event, { isTyping, hasSingleKeys: this.single.checked });
      if (!name || event.defaultPrevented || document.querySelector("dialog[open]")) return;
      if (this.#act(name)) event.preventDefault();
    }

    #act(name) {
      const acts = {
        map: () => this.#open(),
        nextArea: () => goToArea(1),
        previousArea: () => goToArea(-1),
        nextConversation: () => openNeighbour(1),
        previousConversation: () => openNeighbour(-1),
      };
      if (!(name in acts)) return press(name);
      acts[name]();
      return true;
    }

    #open() {
      for (const entry of this.querySelectorAll("[data-if]")) {
        show(entry, Boolean(document.querySelector(entry.dataset.if)));
      }
      this.dialog.showModal();
    }

    #keepChoice() {
      if (this.single.checked) localStorage.removeItem(SINGLE_KEYS);
      else localStorage.setItem(SINGLE_KEYS, "off");
    }
  },
);

function press(name) {
  const target = document.querySelector(`[data-shortcut="${name}"]`);
  if (!target) return false;
  if (isTypingIn(target)) target.focus();
  else target.click();
  return true;
}

function openNeighbour(step) {
  const links = [...document.querySelectorAll("conversation-list [data-field=rows] a")].filter((link) =>
    link.checkVisibility(),
  );
  const current = links.findIndex((link) => link.ariaCurrent === "page");
  const next = current < 0 ? links.at(step < 0 ? -1 : 0) : links[current + step];
  next?.click();
}
