/** Sentences of conversations/sentences.py, as templates/_texts.html hands them over. */

let sentences = null;

export function say(name, values = {}) {
  sentences ??= read();
  return fill(sentences.get(name) ?? name, values);
}

export function sayCount(name, count) {
  return say(`${name}.${count === 1 ? "one" : "other"}`, { count });
}

export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (placeholder, key) => values[key] ?? placeholder);
}

/** alice, bob and carol */
export function listing(names, speak = say) {
  if (names.length < 2) return names.join("");
  return speak("names.and", { names: names.slice(0, -1).join(", "), last: names.at(-1) });
}

function read() {
  const template = document.getElementById("sentences");
  const spans = template ? [...template.content.querySelectorAll("[data-name]")] : [];
  return new Map(spans.map((span) => [span.dataset.name, span.textContent]));
}
