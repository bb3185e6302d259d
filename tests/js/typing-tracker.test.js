import assert from "node:assert/strict";
import { test } from "node:test";

import { TypingTracker } from "../../static/js/models/typing-tracker.js";
import { ALICE, BOB } from "./wire.js";

function tracker() {
  const clock = { now: 0 };
  return { clock, typing: new TypingTracker({ expiry: 8_000, now: () => clock.now }) };
}

test("tells who is typing, in the order in which they began", () => {
  const { typing } = tracker();
  typing.note(7, BOB, true);
  typing.note(7, ALICE, true);
  typing.note(7, BOB, true);
  assert.deepEqual(typing.who(7), [BOB, ALICE]);
  assert.deepEqual(typing.who(8), []);
});

test("forgets whoever says that they stopped", () => {
  const { typing } = tracker();
  typing.note(7, BOB, true);
  typing.note(7, BOB, false);
  assert.deepEqual(typing.who(7), []);
});

test("drops whoever died while typing after eight seconds", () => {
  const { clock, typing } = tracker();
  typing.note(7, BOB, true);
  clock.now = 7_999;
  assert.deepEqual(typing.expire(), []);
  assert.deepEqual(typing.who(7), [BOB]);
  clock.now = 8_000;
  assert.deepEqual(typing.who(7), []);
  assert.deepEqual(typing.expire(), [7]);
  assert.deepEqual(typing.expire(), []);
});

test("a repeat keeps it alive", () => {
  const { clock, typing } = tracker();
  typing.note(7, BOB, true);
  clock.now = 4_000;
  typing.note(7, BOB, true);
  clock.now = 11_000;
  assert.deepEqual(typing.who(7), [BOB]);
});
