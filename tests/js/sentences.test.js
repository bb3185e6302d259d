import assert from "node:assert/strict";
import { test } from "node:test";

import { fill, listing } from "../../static/js/lib/sentences.js";
import { initials, tint } from "../../static/js/lib/people.js";

test("fills placeholders, and only those that are named", () => {
  assert.equal(fill("{name} left {nobody}", { name: "Bob" }), "Bob left {nobody}");
});

test("a name that looks like a placeholder stays a name", () => {
  assert.equal(fill("{actor} left {title}", { actor: "{title}", title: "Lunch" }), "{title} left Lunch");
});

test("lists names as people do", () => {
  const say = (name, { names, last } = {}) => (name === "names.and" ? `${names} and ${last}` : ", ");
  assert.equal(listing([], say), "");
  assert.equal(listing(["Bob"], say), "Bob");
  assert.equal(listing(["Alice", "Bob", "Carol"], say), "Alice, Bob and Carol");
});

test("initials of the first and last word that begin with a letter or digit", () => {
  assert.equal(initials("Alice Moreau"), "AM");
  assert.equal(initials("Nguyễn Thuỳ Linh"), "NL");
  assert.equal(initials("Release 4.2 🚀"), "R4");
  assert.equal(initials("佐藤 美咲"), "佐美");
  assert.equal(initials("🧗"), "");
  assert.equal(initials("zoe"), "Z");
});

test("a person keeps their colour", () => {
  assert.equal(tint(9), tint(17));
});
