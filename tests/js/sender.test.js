import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";

import { Outbox } from "../../static/js/models/outbox.js";
import { Sender } from "../../static/js/sender.js";
import { ChatSocket } from "../../static/js/socket.js";
import { FakeWebSocket, latest, settled } from "./server.js";
import { MemoryLocks, MemoryTable } from "./storage.js";
import { ALICE, message } from "./wire.js";

let outbox;
let sender;
let told;
let table;
let locks;
let channels;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  globalThis.WebSocket = FakeWebSocket;
  FakeWebSocket.opened = [];
  told = [];
  table = new MemoryTable("clientId");
  locks = new MemoryLocks();
  channels = [];
  ({ sender, outbox } = page());
  for (const type of ["queued", "sent", "failed"]) {
    sender.addEventListener(type, ({ detail }) => told.push([type, detail.entry.content]));
  }
});

afterEach(() => channels.forEach((channel) => channel.close()));

/** One page of a browser, over what all its pages share. */
function page() {
  const socket = new ChatSocket("ws://test/");
  const own = new Outbox({ table });
  const others = new BroadcastChannel("outbox");
  channels.push(others);
  socket.connect();
  return { socket, outbox: own, sender: new Sender({ socket, outbox: own, locks, others }) };
}

function write(content, conversationId = 7) {
  mock.timers.tick(1);
  return sender.send({ conversationId, content, replyTo: null });
}

/** News reach the other pages. */
async function heard() {
  for (let round = 0; round < 5; round += 1) await turn();
}

const sent = () => latest().sent.map(({ data }) => data.content);

async function acknowledge(seq = 1) {
  latest().answerLast("messageSent", message(seq, ALICE));
  await settled();
}

test("shows at once, and tells when it is stored", async () => {
  latest().accept();
  write("Hello");
  assert.deepEqual(told, [["queued", "Hello"]]);
  await settled();
  await acknowledge();
  assert.deepEqual(told.at(-1), ["sent", "Hello"]);
  assert.deepEqual(outbox.of(7), []);
});

test("goes out while the disk still writes", async () => {
  table.put = () => new Promise(() => {});
  latest().accept();
  write("Hello");
  await settled();
  assert.deepEqual(sent(), ["Hello"]);
});

test("sends one after the other, so that the order stays", async () => {
  latest().accept();
  write("one");
  write("two");
  await settled();
  assert.deepEqual(sent(), ["one"]);
  await acknowledge(1);
  assert.deepEqual(sent(), ["one", "two"]);
});

test("conversations do not wait for each other", async () => {
  latest().accept();
  write("here", 7);
  write("there", 8);
  await settled();
  assert.deepEqual(sent(), ["here", "there"]);
});

test("what was written without a connection goes out when there is one", async () => {
  write("Hello");
  await settled();
  assert.equal(latest().sent.length, 0);
  latest().accept();
  await settled();
  assert.deepEqual(sent(), ["Hello"]);
});

test("a lost acknowledgement is asked for again with the same key", async () => {
  latest().accept();
  write("Hello");
  await settled();
  const { clientId } = latest().sent[0].data;
  latest().drop();
  await settled();
  mock.timers.tick(1_000);
  latest().accept();
  await settled();
  assert.equal(FakeWebSocket.opened.length, 2);
  assert.equal(latest().sent[0].data.clientId, clientId);
  await acknowledge();
  assert.deepEqual(told.map(([type]) => type), ["queued", "sent"]);
});

test("a refusal is told with its reason, and the next one goes out", async () => {
  latest().accept();
  write("one");
  write("two");
  await settled();
  latest().refuseLast("cannot_message", { detail: "You cannot send messages to this person." });
  await settled();
  assert.deepEqual(told.at(-1), ["failed", "one"]);
  const [refused] = outbox.of(7);
  assert.equal(refused.failure, "You cannot send messages to this person.");
  assert.deepEqual(sent(), ["one", "two"]);
});

test("too fast or too busy is no refusal: it waits as long as it is told", async () => {
  const delays = [];
  sender.addEventListener("delayed", ({ detail }) => delays.push(detail.seconds));
  latest().accept();
  write("Hello");
  await settled();
  latest().refuseLast("throttled", { retryAfter: 3 });
  await settled();
  assert.deepEqual(delays, [3]);
  mock.timers.tick(2_999);
  await settled();
  assert.equal(sent().length, 1);
  mock.timers.tick(1);
  await settled();
  assert.deepEqual(sent(), ["Hello", "Hello"]);
  assert.equal(latest().sent[0].data.clientId, latest().sent[1].data.clientId);
});

test("a retry sends it again under its key; discarding forgets it", async () => {
  latest().accept();
  write("Hello");
  await settled();
  const { clientId } = latest().sent[0].data;
  latest().refuseLast("cannot_message");
  await settled();
  sender.retry(clientId);
  await settled();
  assert.equal(latest().sent.at(-1).data.clientId, clientId);
  latest().refuseLast("cannot_message");
  await settled();
  sender.discard(clientId);
  assert.deepEqual(outbox.of(7), []);
});

test("another page shows what is written here, and does not send it again", async () => {
  latest().accept();
  const here = latest();
  const there = page();
  latest().accept();
  const shown = [];
  for (const type of ["queued", "sent"]) there.sender.addEventListener(type, () => shown.push(type));
  write("Hello");
  await heard();
  assert.deepEqual(shown, ["queued"]);
  assert.equal(here.sent.length, 1);
  here.answerLast("messageSent", message(1, ALICE));
  await heard();
  assert.deepEqual(shown, ["queued", "sent"]);
  assert.equal(latest().sent.length, 0);
  assert.deepEqual(there.outbox.of(7), []);
});

test("another page hears of it once it is on the disk: what is not there counts as sent", async () => {
  const put = table.put.bind(table);
  let keep;
  table.put = (row) => new Promise((done) => (keep = () => put(row).then(done)));
  const there = page();
  write("Hello");
  await heard();
  assert.deepEqual(there.outbox.of(7), []);
  keep();
  await heard();
  assert.equal(there.outbox.of(7).length, 1);
});

test("another page takes over, with the same key, when this one loses its connection", async () => {
  latest().accept();
  const here = latest();
  page();
  latest().accept();
  write("Hello");
  await heard();
  here.drop();
  await heard();
  assert.equal(latest().sent.length, 1);
  assert.equal(latest().sent[0].data.clientId, here.sent[0].data.clientId);
});
