import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { EmojiSet, noteRecent } from "../../static/js/models/emoji-set.js";

const read = async (language) =>
  new EmojiSet(JSON.parse(await readFile(new URL(`../../static/vendor/emoji/${language}.json`, import.meta.url))));

const characters = (found) => found.map(({ emoji }) => emoji);

test("has groups, without parts of emoji that are none by themselves", async () => {
  const emoji = await read("en");
  assert.deepEqual(emoji.groups, [0, 1, 3, 4, 5, 6, 7, 8, 9]);
  assert.equal(emoji.in(0)[0].emoji, "😀");
  assert.ok(emoji.in(9).length > 200);
});

test("is found by the beginning of its words, in the language of the page", async () => {
  const [english, german] = [await read("en"), await read("de")];
  assert.ok(characters(english.search("thumbs up")).includes("👍️"));
  assert.ok(characters(german.search("daumen hoch")).includes("👍️"));
  assert.deepEqual(english.search(" "), []);
  assert.deepEqual(english.search("nothingiscalledthis"), []);
  assert.equal(english.search("rocket")[0].emoji, "🚀");
});

test("keeps what was chosen last, once and in order", async () => {
  assert.deepEqual(noteRecent(["a", "b", "c"], "c", 3), ["c", "a", "b"]);
  assert.deepEqual(noteRecent(["a", "b", "c"], "d", 3), ["d", "a", "b"]);
  assert.deepEqual(characters((await read("en")).named(["🚀", "no emoji"])), ["🚀"]);
});
