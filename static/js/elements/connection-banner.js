import { socket } from "../app.js";
import { say } from "../lib/sentences.js";

// A reconnection is usually quicker than this, and then nobody needs to know.
const PATIENCE = 5_000;
const READING_TIME = 6_000;

/**
 * Says what is the matter with the connection: no network at once, no server after a while, or signed out.
 * It is over when what was missed has come.
 */
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
      // A page that was asleep may hold a connection that is none any more.
      document.addEventListener("visibilitychange", () => document.hidden || socket.check());
      socket.addEventListener("state", ({ detail }) => this.#note(detail));
      socket.addEventListener("caughtUp", () => this.#over());
      this.#note(socket);
    }

    /** Why something cannot be done just now. */
    explain(text) {
      this.textContent = text;
      setTimeout(() => this.#update(), READING_TIME);
    }

    #note({ state }) {
      if (state !== "connected") this.#timer ??= setTimeout(() => this.#late(), PATIENCE);
      this.#update();
    }

    #late() {
      this.#isLate = true;
      this.#update();
    }

    #over() {
      clearTimeout(this.#timer);
      this.#timer = null;
      this.#isLate = false;
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
