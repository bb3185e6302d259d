import assert from "node:assert/strict";
import { test } from "node:test";

import { continuesGroup, placeOf } from "../../static/js/models/message-order.js";
import { ALICE, BOB } from "./wire.js";

const MINUTE = 60 * 1000;
const at = (senderId, minutes, isSystem = false) => ({ senderId, createdAt: minutes * MINUTE, isSystem });

test("a new message goes to the end", () => {
  assert.equal(placeOf(4, [1, 2, 3]), 3);
  assert.equal(placeOf(1, []), 0);
});

test("a late message goes where its seq belongs", () => {
  assert.equal(placeOf(3, [1, 2, 4, 5]), 2);
  assert.equal(placeOf(1, [2, 3]), 0);
});

test("a message that is there already has no place", () => {
  assert.equal(placeOf(2, [1, 2, 3]), -1);
});

test("any order of arrival ends in the order of seq, each once", () => {
  const seqs = [];
  for (const seq of [5, 1, 3, 3, 2, 5, 4, 1]) {
    const place = placeOf(seq, seqs);
    if (place >= 0) seqs.splice(place, 0, seq);
  }
  assert.deepEqual(seqs, [1, 2, 3, 4, 5]);
});

test("messages of one sender within minutes stand together", () => {
  assert.ok(continuesGroup(at(ALICE, 0), at(ALICE, 4)));
});

test("another sender, a pause, a system line or the beginning starts anew", () => {
  assert.ok(!continuesGroup(at(BOB, 0), at(ALICE, 1)));
  assert.ok(!continuesGroup(at(ALICE, 0), at(ALICE, 6)));
  assert.ok(!continuesGroup(at(ALICE, 0, true), at(ALICE, 1)));
  assert.ok(!continuesGroup(undefined, at(ALICE, 1)));
});
