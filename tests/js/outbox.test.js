import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Outbox } from "../../static/js/models/outbox.js";
import { MemoryStorage } from "./storage.js";
import { ALICE, BOB } from "./wire.js";

let storage;
let outbox;

beforeEach(() => {
  storage = new MemoryStorage();
  outbox = new Outbox({ storage, userId: ALICE });
});

function add(clientId, second, conversationId = 7) {
  const createdAt = `2026-11-22T10:00:0${second}.000Z`;
  return outbox.add({ clientId, conversationId, content: clientId, createdAt });
}

test("keeps messages in the order in which they were written", () => {
  add("b", 2);
  add("a", 1);
  add("elsewhere", 0, 8);
  assert.deepEqual(outbox.of(7).map(({ clientId }) => clientId), ["a", "b"]);
  assert.equal(outbox.nextFor(7).clientId, "a");
});

test("survives a reload", () => {
  add("a", 1);
  const later = new Outbox({ storage, userId: ALICE });
  assert.equal(later.nextFor(7).content, "a");
});

test("is not shown to the next person in this browser", () => {
  add("a", 1);
  assert.deepEqual(new Outbox({ storage, userId: BOB }).of(7), []);
});

test("a refused message waits with its reason, and does not hold up the next", () => {
  add("a", 1);
  add("b", 2);
  outbox.fail("a", "You are no longer a member.");
  assert.equal(outbox.nextFor(7).clientId, "b");
  assert.equal(outbox.get("a").failure, "You are no longer a member.");
});

test("a retry keeps the key, so that it is stored once", () => {
  add("a", 1);
  outbox.fail("a", "no");
  outbox.retry("a");
  assert.equal(outbox.nextFor(7).clientId, "a");
});

test("what is acknowledged is gone", () => {
  add("a", 1);
  outbox.remove("a");
  assert.equal(outbox.nextFor(7), null);
  assert.equal(storage.length, 0);
});

test("names the conversations in which something waits", () => {
  add("a", 1);
  add("b", 2, 8);
  outbox.fail("b", "no");
  assert.deepEqual(outbox.conversationIds(), [7]);
});
