import assert from "node:assert/strict";
import { test } from "node:test";

import { shortcutOf } from "../../static/js/models/shortcuts.js";

function pressed(key, { code = "", modifiers = "", ...situation } = {}) {
  const held = (name) => modifiers.split("+").includes(name);
  const event = { key, code, ctrlKey: held("ctrl"), metaKey: held("meta"), altKey: held("alt"), shiftKey: held("shift") };
  return shortcutOf(event, situation);
}

test("F6 goes on, and with Shift back", () => {
  assert.equal(pressed("F6"), "nextArea");
  assert.equal(pressed("F6", { modifiers: "shift", isTyping: true }), "previousArea");
  assert.equal(pressed("F6", { modifiers: "ctrl" }), null);
});

test("a question mark asks for the map, but not where somebody writes one", () => {
  assert.equal(pressed("?", { modifiers: "shift" }), "map");
  assert.equal(pressed("?", { modifiers: "shift", isTyping: true }), null);
  assert.equal(pressed("?", { hasSingleKeys: false }), null);
});

test("letters count by their place, whatever character they make", () => {
  assert.equal(pressed("k", { code: "KeyK", modifiers: "meta" }), "search");
  assert.equal(pressed("ن", { code: "KeyK", modifiers: "ctrl" }), "search");
  assert.equal(pressed("Å", { code: "KeyA", modifiers: "alt+shift" }), "archive");
  assert.equal(pressed("M", { code: "KeyM", modifiers: "alt+shift" }), "mute");
  assert.equal(pressed("k", { code: "KeyK", modifiers: "ctrl+shift" }), null);
});

test("Alt and an arrow change the conversation; an arrow alone does not", () => {
  assert.equal(pressed("ArrowDown", { modifiers: "alt" }), "nextConversation");
  assert.equal(pressed("ArrowUp", { modifiers: "alt" }), "previousConversation");
  assert.equal(pressed("ArrowUp"), null);
});

test("keys that compose a word mean nothing else", () => {
  assert.equal(shortcutOf({ key: "?", isComposing: true }, {}), null);
});
