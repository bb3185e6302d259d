import { field, mark } from "../lib/dom.js";
import { isEmojiOnly, isLong, isTelling, partsOf } from "../models/formatting.js";

const REL = "noopener noreferrer nofollow";

/** Shows what somebody wrote, as templatetags/formatting.py marks it up. */
export function fillContent(element, text) {
  const content = field(element, "content");
  const parts = partsOf(text);
  content.replaceChildren(...parts.map(nodeOf));
  if (parts.every(isTelling)) delete content.dataset.source;
  else content.dataset.source = text;
  mark(element, "emoji", isEmojiOnly(text));
  mark(element, "long", isLong(text));
}

/** What was typed. */
export function sourceOf(element) {
  const content = field(element, "content");
  return content.dataset.source ?? content.textContent;
}

function nodeOf(part) {
  if (typeof part === "string") return document.createTextNode(part);
  const [tag, ...inner] = part;
  if (tag === "a") return link(...inner);
  const node = elementOf(tag === "pre" ? "code" : tag, inner);
  return tag === "pre" ? elementOf("pre", [node]) : node;
}

function elementOf(tag, inner) {
  const element = document.createElement(tag);
  element.append(...inner.map((part) => (part instanceof Node ? part : nodeOf(part))));
  return element;
}

function link(address) {
  const anchor = document.createElement("a");
  Object.assign(anchor, { href: address, target: "_blank", rel: REL, textContent: address });
  return anchor;
}
