import { book, socket } from "../app.js";
import { walkWithArrows } from "../behaviours/menu-keys.js";
import { keep, markAllRead } from "../keeping.js";
import { show } from "../lib/dom.js";
import { isMuted } from "../models/conversation-book.js";
import { ConnectionLost, Refused } from "../socket.js";

const MARGIN = 8;

const ACTIONS = {
  pin: { fits: (state) => !state.pinnedAt, act: (id) => keep(id, { pinned: true }) },
  unpin: { fits: (state) => state.pinnedAt, act: (id) => keep(id, { pinned: false }) },
  read: { fits: (state) => state.unreadCount > 0, act: markAllRead },
  eightHours: { fits: (state) => !isMuted(state), act: (id) => keep(id, { mute: "eightHours" }) },
  oneWeek: { fits: (state) => !isMuted(state), act: (id) => keep(id, { mute: "oneWeek" }) },
  always: { fits: (state) => !isMuted(state), act: (id) => keep(id, { mute: "always" }) },
  unmute: { fits: isMuted, act: (id) => keep(id, { mute: "off" }) },
  archive: { fits: (state) => !state.archivedAt, act: (id) => keep(id, { archived: true }) },
  unarchive: { fits: (state) => state.archivedAt, act: (id) => keep(id, { archived: false }) },
};

const SHORTCUTS = { archive: ["archive", "unarchive"], mute: ["unmute", "always"] };

/** What can be done with a conversation from its row in the list; one menu for all rows. */
customElements.define(
  "row-menu",
  class extends HTMLElement {
    #id = null;

    connectedCallback() {
      this.dialog = this.querySelector("dialog");
      walkWithArrows(this.dialog);
      this.dialog.addEventListener("click", ({ target }) => this.#choose(target.closest("[data-action]")));
      this.addEventListener("click", ({ target }) => this.#toggle(target.dataset.shortcut));
      // Not on click: the finger whose long press opened it is still to be lifted.
      this.dialog.addEventListener("pointerdown", ({ target }) => target === this.dialog && this.dialog.close());
    }

    /** `at`: a point, or the element that it was asked for with. */
    open(id, at) {
      const state = book.get(id);
      // Some phones ask twice for one long press.
      if (!state || this.dialog.open) return;
      this.#id = id;
      for (const item of this.querySelectorAll("[data-action]")) {
        show(item, Boolean(ACTIONS[item.dataset.action].fits(state)));
        item.disabled = !socket.isConnected;
      }
      this.dialog.showModal();
      this.#place(at instanceof Element ? below(at) : at);
      this.querySelector("[data-action]:not([hidden])").focus();
    }

    async #choose(item) {
      if (!item) return;
      this.dialog.close();
      await this.#act(item.dataset.action);
    }

    /** Shortcuts are for the conversation that is open. */
    async #toggle(shortcut) {
      const id = Number(document.querySelector("conversation-view")?.dataset.conversationId);
      const state = book.get(id);
      if (!state || !(shortcut in SHORTCUTS)) return;
      this.#id = id;
      await this.#act(SHORTCUTS[shortcut].find((each) => ACTIONS[each].fits(state)));
    }

    async #act(name) {
      try {
        await ACTIONS[name].act(this.#id);
      } catch (error) {
        // The row shows that nothing changed, and the banner why.
        if (!(error instanceof ConnectionLost || error instanceof Refused)) throw error;
      }
    }

    #place({ x, y }) {
      const { width, height } = this.dialog.getBoundingClientRect();
      this.dialog.style.setProperty("--x", `${inside(x, width, innerWidth)}px`);
      this.dialog.style.setProperty("--y", `${inside(y, height, innerHeight)}px`);
    }
  },
);

function below(element) {
  const box = element.getBoundingClientRect();
  return { x: box.left, y: box.bottom };
}

function inside(start, size, room) {
  return Math.max(MARGIN, Math.min(start, room - size - MARGIN));
}
