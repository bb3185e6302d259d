import { socket } from "../app.js";
import { say } from "../lib/sentences.js";

// A reconnection is usually quicker than this, and then nobody needs to know.
const PATIENCE = 5_000;

/** Says what is the matter with the connection: no network at once, no server after a while, or signed out. */
customElements.define(
  "connection-banner",
  class extends HTMLElement {
    #timer = null;
    #isLate = false;

    connectedCallback() {
      addEventListener("offline", () => this.#update());
      addEventListener("online", () => {
        this.#update();
        socket.check();
      });
      socket.addEventListener("state", ({ detail }) => this.#note(detail));
      this.#note(socket);
    }

    #note({ state }) {
      if (state === "connected") {
        clearTimeout(this.#timer);
        this.#timer = null;
        this.#isLate = false;
      } else {
        this.#timer ??= setTimeout(() => {
          this.#isLate = true;
          this.#update();
        }, PATIENCE);
      }
      if (state === "stopped") signIn();
      this.#update();
    }

    #update() {
      const problem = this.#problem();
      this.hidden = problem === null;
      this.dataset.state = problem ?? "";
      this.textContent = problem ? say(`connection.${problem}`) : "";
    }

    #problem() {
      if (socket.state === "stopped") return "stopped";
      if (!navigator.onLine) return "waiting";
      return this.#isLate ? "reconnecting" : null;
    }
  },
);

/** There is nothing left to see for whoever holds this device, until they say who they are. */
function signIn() {
  const here = location.pathname + location.search;
  location.assign(`${document.body.dataset.signInUrl}?next=${encodeURIComponent(here)}`);
}
