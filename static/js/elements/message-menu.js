import { closeByBackdrop } from "../behaviours/backdrop.js";
import { walkWithArrows } from "../behaviours/menu-keys.js";
import { show } from "../lib/dom.js";

const MARGIN = 8;

/** What can be done with a message; one menu for all of them. On a phone it stands at the bottom. */
customElements.define(
  "message-menu",
  class extends HTMLElement {
    connectedCallback() {
      this.dialog = this.querySelector("dialog");
      walkWithArrows(this.dialog);
      this.dialog.addEventListener("click", ({ target }) => {
        const item = target.closest("[data-choice]");
        if (item) this.dialog.close(item.dataset.choice);
      });
      closeByBackdrop(this.dialog);
    }

    /** Resolves with what was chosen, or with nothing. */
    ask(rights, beside) {
      // Some phones ask twice for one long press.
      if (this.dialog.open) return Promise.resolve("");
      for (const item of this.querySelectorAll("[data-choice]")) show(item, rights[item.dataset.choice]);
      this.dialog.returnValue = "";
      this.dialog.showModal();
      this.#place(beside.getBoundingClientRect());
      this.querySelector("[data-choice]:not([hidden])").focus();
      return new Promise((resolve) => {
        this.dialog.addEventListener("close", () => resolve(this.dialog.returnValue), { once: true });
      });
    }

    #place(box) {
      const { width, height } = this.dialog.getBoundingClientRect();
      this.dialog.style.setProperty("--x", `${within(box.left, width, innerWidth)}px`);
      this.dialog.style.setProperty("--y", `${within(box.bottom + MARGIN, height, innerHeight)}px`);
    }
  },
);

function within(start, size, room) {
  return Math.max(MARGIN, Math.min(start, room - size - MARGIN));
}
