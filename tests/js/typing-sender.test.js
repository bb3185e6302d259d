import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { TypingSender } from "../../static/js/models/typing-sender.js";

let sent;
let typing;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  sent = [];
  typing = new TypingSender({ send: (isTyping) => sent.push(isTyping) });
});

function type(seconds) {
  for (let second = 0; second < seconds; second += 1) {
    typing.keystroke();
    mock.timers.tick(1_000);
  }
}

test("says it at the first keystroke, and again every four seconds", () => {
  type(9);
  assert.deepEqual(sent, [true, true, true]);
});

test("says that it stopped after five idle seconds", () => {
  typing.keystroke();
  mock.timers.tick(4_999);
  assert.deepEqual(sent, [true]);
  mock.timers.tick(1);
  assert.deepEqual(sent, [true, false]);
});

test("says that it stopped only if it ever began", () => {
  typing.stop();
  assert.deepEqual(sent, []);
});

test("a sent message needs no word, and the next keystroke is the first again", () => {
  typing.keystroke();
  typing.forget();
  mock.timers.tick(10_000);
  assert.deepEqual(sent, [true]);
  typing.keystroke();
  assert.deepEqual(sent, [true, true]);
});
