import { say } from "../lib/sentences.js";

const SHAPES = {
  sending: "clock-3",
  sent: "check",
  delivered: "check-check",
  read: "check-check",
  failed: "circle-alert",
};

/** How far an own message has got. Set `data-status`; shape and name follow. */
customElements.define(
  "message-tick",
  class extends HTMLElement {
    static observedAttributes = ["data-status"];

    attributeChangedCallback(_name, before, status) {
      const use = this.querySelector("use");
      if (!use || before === null || before === status) return;
      const [sprite] = use.getAttribute("href").split("#");
      if (SHAPES[status]) use.setAttribute("href", `${sprite}#${SHAPES[status]}`);
      this.setAttribute("aria-label", status ? say(`tick.${status}`) : "");
    }
  },
);
