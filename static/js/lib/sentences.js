/** Sentences of conversations/sentences.py, as templates/_texts.html hands them over. */

import { locale } from "./language.js";

const plural = new Intl.PluralRules(locale);
const decimal = new Intl.NumberFormat(locale);

let sentences = null;

export function say(name, values = {}) {
  sentences ??= read();
  return fill(sentences.get(name) ?? name, values);
}

/** In the form that the language has for so many: English has two, Arabic six. */
export function sayCount(name, count) {
  sentences ??= read();
  const form = `${name}.${plural.select(count)}`;
  return say(sentences.has(form) ? form : `${name}.other`, { count: number(count) });
}

export function number(value) {
  return decimal.format(value);
}

export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (placeholder, key) => values[key] ?? placeholder);
}

/** alice, bob and carol */
export function listing(names, speak = say) {
  if (names.length < 2) return names.join("");
  return speak("names.and", { names: names.slice(0, -1).join(speak("names.separator")), last: names.at(-1) });
}

function read() {
  const template = document.getElementById("sentences");
  const spans = template ? [...template.content.querySelectorAll("[data-name]")] : [];
  return new Map(spans.map((span) => [span.dataset.name, span.textContent]));
}
