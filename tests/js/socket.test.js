import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { ChatSocket, ConnectionLost, Refused } from "../../static/js/socket.js";
import { FakeWebSocket, latest } from "./server.js";

let socket;
let states;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.WebSocket = FakeWebSocket;
  FakeWebSocket.opened = [];
  states = [];
  socket = new ChatSocket("ws://test/ws/chat/");
  socket.addEventListener("state", ({ detail }) => states.push(detail.state));
  socket.connect();
});

test("is connected only when the server says so", () => {
  assert.equal(socket.isConnected, false);
  latest().accept();
  assert.equal(socket.isConnected, true);
  assert.deepEqual(states, ["connecting", "connected"]);
});

test("hands each event on under its own name", () => {
  const heard = [];
  socket.addEventListener("newMessage", ({ detail }) => heard.push(detail.seq));
  latest().accept();
  latest().say("newMessage", { seq: 5 });
  latest().say("somethingUnknown", { seq: 6 });
  assert.deepEqual(heard, [5]);
});

test("matches answers to questions by id, in any order", async () => {
  latest().accept();
  const first = socket.request("getMessages", { conversationId: 1 });
  const second = socket.request("getMessages", { conversationId: 2 });
  const [one, two] = latest().sent;
  latest().say("messagesLoaded", { conversationId: 2 }, two.id);
  latest().say("messagesLoaded", { conversationId: 1 }, one.id);
  assert.equal((await first).conversationId, 1);
  assert.equal((await second).conversationId, 2);
});

test("an answer is not told to everybody as an event", async () => {
  const heard = [];
  socket.addEventListener("messagesLoaded", () => heard.push("event"));
  latest().accept();
  const asked = socket.request("getMessages", {});
  latest().answerLast("messagesLoaded", {});
  await asked;
  assert.deepEqual(heard, []);
});

test("a refusal has its code, and the words for people", async () => {
  latest().accept();
  const asked = socket.request("sendMessage", {});
  latest().refuseLast("not_a_member", { detail: "You are no longer a member.", retryAfter: 3 });
  await assert.rejects(asked, (error) => {
    assert.ok(error instanceof Refused);
    assert.equal(error.code, "not_a_member");
    assert.equal(error.message, "You are no longer a member.");
    assert.equal(error.retryAfter, 3);
    return true;
  });
});

test("a question without an answer means that the connection is dead", async () => {
  latest().accept();
  const asked = socket.request("sync", {});
  mock.timers.tick(10_000);
  await assert.rejects(asked, ConnectionLost);
  assert.equal(socket.state, "waiting");
  assert.ok(FakeWebSocket.opened[0].isClosedByClient);
});

test("a lost connection leaves no question waiting", async () => {
  latest().accept();
  const asked = socket.request("sync", {});
  latest().drop();
  await assert.rejects(asked, ConnectionLost);
  await assert.rejects(socket.request("sync", {}), ConnectionLost);
});

test("comes back by itself, later after each failure", () => {
  latest().accept();
  latest().drop();
  mock.timers.tick(1_000);
  assert.equal(FakeWebSocket.opened.length, 2);
  latest().drop();
  mock.timers.tick(999);
  assert.equal(FakeWebSocket.opened.length, 2);
  mock.timers.tick(1_001);
  assert.equal(FakeWebSocket.opened.length, 3);
});

test("a success makes the next attempt quick again", () => {
  for (let attempt = 0; attempt < 4; attempt += 1) {
    latest().drop();
    mock.timers.tick(30_000);
  }
  latest().accept();
  latest().drop();
  mock.timers.tick(1_000);
  assert.equal(FakeWebSocket.opened.length, 6);
});

test("a server that accepts and then says nothing is given up", () => {
  mock.timers.tick(10_000);
  assert.equal(socket.state, "waiting");
});

test("what the old connection still says does not count", () => {
  const old = latest();
  old.accept();
  old.drop();
  mock.timers.tick(1_000);
  old.accept();
  assert.equal(socket.isConnected, false);
  old.drop();
  assert.equal(FakeWebSocket.opened.length, 2);
});

test("stops for good when the session was revoked or the sign-in ended", () => {
  for (const code of [4403, 4401]) {
    const stopped = new ChatSocket("ws://test/");
    const heard = [];
    stopped.addEventListener("state", ({ detail }) => heard.push(detail));
    stopped.connect();
    latest().drop(code);
    assert.deepEqual(heard.at(-1), { state: "stopped" });
    const count = FakeWebSocket.opened.length;
    mock.timers.tick(120_000);
    stopped.connect();
    assert.equal(FakeWebSocket.opened.filter((one) => one.url === "ws://test/").length, count - 1);
    FakeWebSocket.opened = [FakeWebSocket.opened[0]];
  }
});

test("comes back after 1012, 4408 and 1011; after 4429 not before some seconds", () => {
  for (const code of [1012, 4408, 1011]) {
    const other = new ChatSocket("ws://other/");
    other.connect();
    latest().drop(code);
    const count = FakeWebSocket.opened.length;
    mock.timers.tick(1_000);
    assert.ok(FakeWebSocket.opened.length > count, `after ${code}`);
  }
  const hasty = new ChatSocket("ws://hasty/");
  hasty.connect();
  latest().drop(4429);
  const attempts = () => FakeWebSocket.opened.filter(({ url }) => url === "ws://hasty/").length;
  mock.timers.tick(7_999);
  assert.equal(attempts(), 1);
  mock.timers.tick(8_001);
  assert.equal(attempts(), 2);
});

test("what needs no answer is dropped while nobody listens", () => {
  socket.tell("typing", { isTyping: true });
  assert.deepEqual(latest().sent, []);
  latest().accept();
  socket.tell("typing", { isTyping: true });
  assert.deepEqual(latest().sent, [{ event: "typing", data: { isTyping: true } }]);
});
