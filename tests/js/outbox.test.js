import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Outbox } from "../../static/js/models/outbox.js";
import { MemoryTable } from "./storage.js";

let table;
let outbox;

beforeEach(() => {
  table = new MemoryTable("clientId");
  outbox = new Outbox({ table });
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

test("survives a reload", async () => {
  await add("a", 1);
  const later = new Outbox({ table });
  assert.equal(later.nextFor(7), null);
  await later.load();
  assert.equal(later.nextFor(7).content, "a");
});

test("a refused message waits with its reason, and does not hold up the next", async () => {
  add("a", 1);
  add("b", 2);
  await outbox.fail("a", "You are no longer a member.");
  assert.equal(outbox.nextFor(7).clientId, "b");
  assert.deepEqual(outbox.failedIn(7), [outbox.get("a")]);
  assert.equal(table.rows.get("a").failure, "You are no longer a member.");
});

test("a retry keeps the key, so that it is stored once", async () => {
  add("a", 1);
  await outbox.fail("a", "no");
  await outbox.retry("a");
  assert.equal(outbox.nextFor(7).clientId, "a");
  assert.equal(table.rows.size, 1);
});

test("what is acknowledged is gone", async () => {
  add("a", 1);
  await outbox.remove("a");
  assert.equal(outbox.nextFor(7), null);
  assert.equal(table.rows.size, 0);
});

test("names the conversations in which something waits", () => {
  add("a", 1);
  add("b", 2, 8);
  outbox.fail("b", "no");
  assert.deepEqual(outbox.conversationIds(), [7]);
});

test("what another page wrote is here too, and not written twice", () => {
  outbox.note({ clientId: "a", conversationId: 7, content: "a", createdAt: "2026", failure: null });
  assert.equal(outbox.nextFor(7).clientId, "a");
  assert.equal(table.rows.size, 0);
  outbox.forget("a");
  assert.equal(outbox.nextFor(7), null);
});
