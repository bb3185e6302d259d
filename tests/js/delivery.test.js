import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Delivery } from "../../static/js/delivery.js";
import { ChatSocket } from "../../static/js/socket.js";
import { FakeWebSocket, latest, settled } from "./server.js";

let delivery;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.WebSocket = FakeWebSocket;
  FakeWebSocket.opened = [];
  const socket = new ChatSocket("ws://test/");
  delivery = new Delivery({ socket });
  socket.connect();
});

const confirmed = () => latest().sent.map(({ data }) => [data.conversationId, data.upToSeq]);

async function pass(milliseconds) {
  mock.timers.tick(milliseconds);
  await settled();
}

async function agree() {
  latest().answerLast("ok", {});
  await settled();
  await pass(50);
}

test("a burst is confirmed once, up to its last message", async () => {
  latest().accept();
  for (const seq of [1, 2, 3]) delivery.received(7, seq);
  await pass(250);
  assert.deepEqual(confirmed(), [[7, 3]]);
});

test("conversations are confirmed one after the other, not all at once", async () => {
  latest().accept();
  delivery.received(7, 3);
  delivery.received(8, 5);
  await pass(250);
  assert.deepEqual(confirmed(), [[7, 3]]);
  await agree();
  assert.deepEqual(confirmed(), [[7, 3], [8, 5]]);
});

test("what the server knows already is not confirmed", async () => {
  latest().accept();
  delivery.settle(7, 3);
  delivery.received(7, 3);
  await pass(250);
  assert.deepEqual(confirmed(), []);
});

test("what is read at once needs no word that it arrived", async () => {
  latest().accept();
  delivery.received(7, 3);
  delivery.settle(7, 3);
  await pass(250);
  assert.deepEqual(confirmed(), []);
});

test("what could not be confirmed is confirmed after the next connection", async () => {
  delivery.received(7, 3);
  await pass(250);
  assert.deepEqual(confirmed(), []);
  latest().accept();
  await pass(250);
  assert.deepEqual(confirmed(), [[7, 3]]);
  await agree();
  delivery.received(7, 3);
  await pass(250);
  assert.equal(confirmed().length, 1);
});

test("a message that comes while the one before is being confirmed is confirmed too", async () => {
  latest().accept();
  delivery.received(7, 3);
  await pass(250);
  delivery.received(7, 4);
  await pass(250);
  await agree();
  await pass(250);
  assert.deepEqual(confirmed(), [[7, 3], [7, 4]]);
});

test("too fast is no reason to forget: it is confirmed later", async () => {
  latest().accept();
  delivery.received(7, 3);
  await pass(250);
  latest().refuseLast("throttled", { retryAfter: 2 });
  await settled();
  await pass(2_000);
  assert.deepEqual(confirmed(), [[7, 3], [7, 3]]);
});

test("a conversation that is gone holds up nothing", async () => {
  latest().accept();
  delivery.received(7, 3);
  delivery.received(8, 5);
  await pass(250);
  latest().refuseLast("not_found");
  await settled();
  assert.deepEqual(confirmed(), [[7, 3], [8, 5]]);
});
