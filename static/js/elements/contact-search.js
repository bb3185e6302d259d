import { field } from "../lib/dom.js";
import { debounce } from "../lib/throttle.js";
import { fetchPane } from "../pane.js";

const PATIENCE = 200;

/** Finds people while their name is typed; without script the form does it. */
customElements.define(
  "contact-search",
  class extends HTMLElement {
    #asking = new AbortController();

    connectedCallback() {
      const form = field(this, "form");
      const search = debounce(() => this.#search(form), PATIENCE);
      form.addEventListener("input", search);
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        search();
      });
      // Typed before this was here, or restored by the browser.
      const { value, defaultValue } = form.elements.search;
      if (value !== defaultValue) search();
    }

    async #search(form) {
      this.#asking.abort();
      this.#asking = new AbortController();
      const query = new URLSearchParams(new FormData(form));
      const page = await fetchPane(`${location.pathname}?${query}`, this.#asking.signal);
      if (page) field(this, "results").replaceChildren(...field(page, "results").childNodes);
    }
  },
);
