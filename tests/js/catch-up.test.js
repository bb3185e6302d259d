import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { CatchUp } from "../../static/js/catch-up.js";
import { VersionTracker } from "../../static/js/models/version-tracker.js";
import { ChatSocket } from "../../static/js/socket.js";
import { FakeWebSocket, latest, settled } from "./server.js";
import { conversation } from "./wire.js";

let catchUp;
let tracker;
let told;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.WebSocket = FakeWebSocket;
  FakeWebSocket.opened = [];
  told = [];
  const socket = new ChatSocket("ws://test/");
  tracker = new VersionTracker({ 7: 10 });
  catchUp = new CatchUp({ socket, tracker });
  socket.addEventListener("changes", ({ detail }) => told.push(["changes", detail.conversation.id]));
  socket.addEventListener("gone", ({ detail }) => told.push(["gone", detail.conversationId]));
  socket.addEventListener("messageDeletedForMe", ({ detail }) => told.push(["messageDeletedForMe", detail.seq]));
  socket.connect();
  latest().accept();
});

const questions = () => latest().sent.map(({ event, data }) => [event, data.conversations]);

async function answer({ versions = {}, gone = [], limited = false, deletedForMe = [], deletedForMeUpTo = 0 } = {}) {
  const conversations = Object.entries(versions).map(([id, version]) => ({
    conversation: conversation({ id: Number(id) }),
    participants: [],
    messages: [],
    version,
    limited,
  }));
  const others = { readSeqs: {}, preferences: {}, gone, deletedForMe, deletedForMeUpTo };
  latest().answerLast("syncResult", { conversations, ...others, limited });
  await settled();
}

test("each connection begins with the question what was missed", async () => {
  assert.deepEqual(questions(), [["sync", { 7: 10 }]]);
  await answer({ versions: { 7: 12 } });
  assert.deepEqual(told, [["changes", 7]]);
  assert.deepEqual(tracker.versions(), { 7: 12 });
});

test("asks on while the answer says that there is more", async () => {
  await answer({ versions: { 7: 500 }, limited: true });
  assert.deepEqual(questions().at(-1), ["sync", { 7: 500 }]);
  await answer({ versions: { 7: 900 } });
  assert.equal(questions().length, 2);
});

test("a gap that is not filled in time is asked for", async () => {
  await answer();
  catchUp.note(7, 12);
  mock.timers.tick(299);
  assert.equal(questions().length, 1);
  mock.timers.tick(1);
  await settled();
  assert.deepEqual(questions().at(-1), ["sync", { 7: 10 }]);
});

test("a gap that fills itself asks nothing", async () => {
  await answer();
  catchUp.note(7, 12);
  catchUp.note(7, 11);
  mock.timers.tick(1_000);
  await settled();
  assert.equal(questions().length, 1);
});

test("a conversation that nobody knew is asked for, many of them once", async () => {
  await answer();
  catchUp.note(8, 1);
  catchUp.note(9, 1);
  mock.timers.tick(300);
  await settled();
  assert.equal(questions().length, 2);
});

test("asks when the server says that events may be lost", async () => {
  await answer();
  latest().say("resync");
  await settled();
  assert.equal(questions().length, 2);
});

test("two reasons at once are one question, and what comes meanwhile another", async () => {
  catchUp.run();
  catchUp.run();
  assert.equal(questions().length, 1);
  await answer();
  assert.equal(questions().length, 2);
  await answer();
  assert.equal(questions().length, 2);
});

test("what is gone is told and forgotten", async () => {
  await answer({ gone: [7] });
  assert.deepEqual(told, [["gone", 7]]);
  assert.deepEqual(tracker.versions(), {});
});

test("a busy server is asked again later, a lost one by the next connection", async () => {
  latest().refuseLast("unavailable", { retryAfter: 1 });
  await settled();
  mock.timers.tick(1_000);
  await settled();
  assert.equal(questions().length, 2);
  latest().drop();
  await settled();
  mock.timers.tick(1_000);
  latest().accept();
  assert.deepEqual(questions(), [["sync", { 7: 10 }]]);
});

test("what was deleted for me has numbers of its own, and their gaps are asked for", async () => {
  const number = () => latest().sent.at(-1).data.deletedForMeAfter;
  catchUp.runSoon();
  await answer({ deletedForMeUpTo: 4 });
  mock.timers.tick(300);
  assert.equal(number(), 4);
  await answer({ deletedForMeUpTo: 4 });
  catchUp.noteDeletedForMe(5);
  catchUp.noteDeletedForMe(7);
  mock.timers.tick(300);
  assert.equal(number(), 5);
  await answer({ deletedForMe: [{ seq: 1, number: 6 }, { seq: 2, number: 7 }], deletedForMeUpTo: 7 });
  assert.deepEqual(told, [["messageDeletedForMe", 1], ["messageDeletedForMe", 2]]);
});
