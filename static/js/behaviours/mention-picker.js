import { clone, field, setText, show } from "../lib/dom.js";
import { fillAvatar } from "../lib/people.js";
import { matching, mentionAt } from "../models/mentions.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1 };
const CHOOSING = new Set(["Enter", "Tab"]);

/** Behind an @ in the text: the people who may be meant, by arrows, Enter and mouse. The focus stays in the text. */
export class MentionPicker {
  #text;
  #list;
  #people;
  #chosen;
  #mention = null;

  /** `people()` are those of the conversation; `chosen()` is called when a name was written. */
  constructor({ composer, text, people, chosen }) {
    this.#text = text;
    this.#list = field(composer, "mentions");
    this.#people = people;
    this.#chosen = chosen;
    text.setAttribute("aria-autocomplete", "list");
    text.setAttribute("aria-controls", this.#list.id);
    text.addEventListener("input", () => this.#look());
    text.addEventListener("click", () => this.#look());
    text.addEventListener("blur", () => this.close());
    // The text keeps the focus, and so the place at which to write.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.#list.addEventListener("click", ({ target }) => this.#choose(target.closest("[role=option]")));
  }

  /** Whether the key was meant for the list. */
  takes(event) {
    if (this.#list.hidden || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return false;
    const { key } = event;
    if (key in STEPS) this.#mark(this.#next(STEPS[key]));
    else if (CHOOSING.has(key)) this.#choose(this.#marked);
    else if (key === "Escape") this.close();
    else return false;
    event.preventDefault();
    return true;
  }

  close() {
    this.#mention = null;
    show(this.#list, false);
    this.#text.removeAttribute("aria-activedescendant");
  }

  get #marked() {
    return this.#list.querySelector("[aria-selected=true]");
  }

  #look() {
    const { value, selectionStart, selectionEnd } = this.#text;
    this.#mention = selectionStart === selectionEnd ? mentionAt(value, selectionStart) : null;
    const people = this.#mention ? matching(this.#people(), this.#mention.search) : [];
    if (people.length === 0) {
      this.close();
      return;
    }
    this.#list.replaceChildren(...people.map(optionOf));
    show(this.#list, true);
    this.#mark(this.#list.firstElementChild);
  }

  #mark(option) {
    for (const one of this.#list.children) one.ariaSelected = String(one === option);
    this.#text.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  #next(step) {
    const options = [...this.#list.children];
    return options.at((options.indexOf(this.#marked) + step) % options.length);
  }

  #choose(option) {
    if (!option || !this.#mention) return;
    this.#text.setRangeText(`@${option.dataset.name} `, this.#mention.start, this.#text.selectionStart, "end");
    this.close();
    this.#chosen();
  }
}

function optionOf({ id, name, url }) {
  const option = clone("mention-template");
  option.id = `mention-${id}`;
  option.dataset.name = name;
  fillAvatar(option.querySelector(".avatar"), { id, name, url });
  setText(option, "name", name);
  return option;
}
