import { say } from "../lib/sentences.js";
import { moments } from "../lib/time.js";

/** How far an own message has got. Set `data-read-at`, where it is known, and then `data-status`; shape and name follow. */
customElements.define(
  "message-tick",
  class extends HTMLElement {
    static observedAttributes = ["data-status"];

    attributeChangedCallback(_name, before, status) {
      if (before === status) return;
      this.querySelector("use").setAttribute("href", `#tick-${status}`);
      this.setAttribute("aria-label", status ? this.#label(status) : "");
    }

    #label(status) {
      const { readAt } = this.dataset;
      if (status !== "read" || !readAt) return say(`tick.${status}`);
      return say("tick.readAt", { moment: moments.spoken(new Date(readAt)) });
    }
  },
);
