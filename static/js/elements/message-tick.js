import { say } from "../lib/sentences.js";

/** How far an own message has got. Set `data-status`; shape and name follow. */
customElements.define(
  "message-tick",
  class extends HTMLElement {
    static observedAttributes = ["data-status"];

    attributeChangedCallback(_name, before, status) {
      if (before === status) return;
      this.querySelector("use").setAttribute("href", `#tick-${status}`);
      this.setAttribute("aria-label", status ? say(`tick.${status}`) : "");
    }
  },
);
