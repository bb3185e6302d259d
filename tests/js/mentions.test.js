import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { matching, mentionAt, mentions } from "../../static/js/models/mentions.js";

const CASES = JSON.parse(readFileSync(new URL("../mentions.json", import.meta.url), "utf8"));
const BOB = { id: 4, name: "Bob" };

test("who is named behind an @ is meant, as the server has it", () => {
  for (const [content, isMeant] of CASES) assert.equal(mentions({ content, replyTo: null }, BOB), isMeant, content);
});

test("who is answered is meant", () => {
  assert.equal(mentions({ content: "Yes", replyTo: { senderId: 4 } }, BOB), true);
  assert.equal(mentions({ content: "Yes", replyTo: { senderId: 5 } }, BOB), false);
});

test("a name may have any sign in it", () => {
  const name = "J. (R/R) To-lk[i]en*";
  assert.equal(mentions({ content: `Ask @${name}!`, replyTo: null }, { id: 1, name }), true);
});

test("a name is looked for behind an @ that begins a word", () => {
  assert.deepEqual(mentionAt("Hi @bo there", 6), { start: 3, search: "bo" });
  assert.deepEqual(mentionAt("@", 1), { start: 0, search: "" });
  assert.equal(mentionAt("bob@acme", 8), null);
  assert.equal(mentionAt("@bob\n", 5), null);
});

test("people are found by each word of their names, and whose name begins so stand first", () => {
  const people = ["Anna Bell", "Bea Ann", "Carl"].map((name, id) => ({ id, name }));
  const found = (search) => matching(people, search).map(({ name }) => name);
  assert.deepEqual(found("b"), ["Bea Ann", "Anna Bell"]);
  assert.deepEqual(found("anna b"), ["Anna Bell"]);
  assert.deepEqual(found("x"), []);
});
