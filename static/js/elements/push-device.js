import { show } from "../lib/dom.js";
import { send } from "../lib/fetch.js";
import { say } from "../lib/sentences.js";
import { browserFamily } from "../models/push-state.js";
import { currentState, subscribe, unsubscribe } from "../push.js";

/** Push on this device: what it can be, switching it on and off, and a test. */
customElements.define(
  "push-device",
  class extends HTMLElement {
    connectedCallback() {
      this.result = this.querySelector("[data-field=result]");
      this.addEventListener("click", ({ target }) => {
        const action = target.closest("[data-action]")?.dataset.action;
        if (action) this.#do(action, target.closest("button"));
      });
      const family = browserFamily(navigator.userAgent);
      for (const step of this.querySelectorAll("[data-browser]")) {
        show(step, !family || step.dataset.browser === family);
      }
      this.#show();
    }

    async #do(action, button) {
      button.disabled = true;
      this.#say("");
      try {
        await this[action]();
      } catch (error) {
        // The browser refuses in many ways: no push service, a private window, a policy.
        if (!(error instanceof DOMException)) throw error;
        this.#say(say("push.failed", { reason: error.message }));
      } finally {
        button.disabled = false;
        await this.#show();
      }
    }

    async subscribe() {
      if (!(await subscribe()) && Notification.permission === "granted") this.#say(say("push.notStored"));
    }

    async unsubscribe() {
      await unsubscribe();
    }

    async test() {
      this.#say(await testResult(this.dataset.testUrl));
    }

    async #show() {
      const state = await currentState();
      for (const part of this.querySelectorAll("[data-state]")) show(part, part.dataset.state === state);
      this.dataset.shows = state;
    }

    #say(text) {
      this.result.textContent = text;
      show(this.result, text !== "");
    }
  },
);

/** One of my devices, with a test of its own. */
customElements.define(
  "push-test",
  class extends HTMLElement {
    connectedCallback() {
      const button = this.querySelector("button");
      show(button, true);
      button.addEventListener("click", async () => {
        button.disabled = true;
        const result = await testResult(this.dataset.url, Number(this.dataset.id));
        this.querySelector("[data-field=result]").textContent = result;
        button.disabled = false;
      });
    }
  },
);

async function testResult(url, id) {
  const answer = await send("POST", url, id ? { id } : {});
  if (!answer) return say("push.offline");
  const told = await answer.json();
  if (!answer.ok) return told.errors[0].detail;
  return told.results.map(({ isDelivered, detail }) => (isDelivered ? detail : say("push.failed", { reason: detail }))).join(" ");
}
