import assert from "node:assert/strict";
import { test } from "node:test";

import { Receipts, tickStatus } from "../../static/js/models/receipts.js";
import { ALICE, BOB, CAROL, place } from "./wire.js";

const group = () => new Receipts(ALICE, [place(ALICE), place(BOB), place(CAROL)]);

test("one tick while somebody lacks it, two when all have it, coloured when all read it", () => {
  const receipts = group();
  assert.equal(receipts.statusOf(5), "sent");
  receipts.noteDelivered(BOB, 5);
  assert.equal(receipts.statusOf(5), "sent");
  receipts.noteDelivered(CAROL, 5);
  assert.equal(receipts.statusOf(5), "delivered");
  receipts.noteRead(BOB, 5);
  assert.equal(receipts.statusOf(5), "delivered");
  receipts.noteRead(CAROL, 5);
  assert.equal(receipts.statusOf(5), "read");
});

test("reading implies having received", () => {
  const receipts = new Receipts(ALICE, [place(ALICE), place(BOB)]);
  receipts.noteRead(BOB, 5);
  assert.equal(receipts.deliveredToAll, 5);
});

test("pointers never go back", () => {
  const receipts = new Receipts(ALICE, [place(ALICE), place(BOB)]);
  receipts.noteRead(BOB, 5);
  receipts.noteRead(BOB, 3);
  receipts.notePlace(place(BOB, { deliveredSeq: 2, readSeq: 1 }));
  assert.equal(receipts.statusOf(5), "read");
});

test("who left does not hold up the ticks", () => {
  const receipts = group();
  receipts.noteRead(BOB, 5);
  receipts.notePlace(place(CAROL, { isCurrent: false }));
  assert.equal(receipts.statusOf(5), "read");
});

test("nobody waits for a bot in a group", () => {
  const receipts = group();
  receipts.noteRead(BOB, 5);
  receipts.notePlace(place(CAROL, { confirms: false }));
  assert.equal(receipts.statusOf(5), "read");
});

test("who comes again starts from where they came in", () => {
  const receipts = group();
  receipts.noteRead(BOB, 9);
  receipts.notePlace(place(BOB, { isCurrent: false, readSeq: 9, deliveredSeq: 9 }));
  receipts.notePlace(place(BOB, { isCurrent: true, readSeq: 4, deliveredSeq: 4 }));
  receipts.noteRead(CAROL, 9);
  assert.equal(receipts.readByAll, 4);
});

test("a receipt of somebody unknown changes nothing", () => {
  const receipts = new Receipts(ALICE, [place(ALICE), place(BOB)]);
  receipts.noteRead(CAROL, 5);
  assert.equal(receipts.statusOf(5), "sent");
});

test("the status of a message follows from two pointers", () => {
  assert.equal(tickStatus(3, { deliveredToAll: 4, readByAll: 2 }), "delivered");
});
