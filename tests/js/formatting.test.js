import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { isEmojiOnly, isLong, partsOf } from "../../static/js/models/formatting.js";

const CASES = JSON.parse(readFileSync(new URL("../formatting.json", import.meta.url), "utf8"));
const SIGNS = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** As views/content.js builds it; tests/browser compares that one with the server's. */
function markup(part) {
  if (typeof part === "string") return part.replace(/[&<>]/g, (sign) => SIGNS[sign]);
  const [tag, ...inner] = part;
  const content = inner.map(markup).join("");
  if (tag === "a") return `<a href="${content}" target="_blank" rel="noopener noreferrer nofollow">${content}</a>`;
  return tag === "pre" ? `<pre><code>${content}</code></pre>` : `<${tag}>${content}</${tag}>`;
}

for (const { text, html, emojiOnly = false } of CASES) {
  test(`marks become markup: ${JSON.stringify(text)}`, () => {
    assert.equal(partsOf(text).map(markup).join(""), html);
    assert.equal(isEmojiOnly(text), emojiOnly);
  });
}

test("long is more than a screen shows", () => {
  assert.equal(isLong("🥪".repeat(1200)), false);
  assert.equal(isLong("x".repeat(1201)), true);
  assert.equal(isLong("\n".repeat(24)), true);
});
