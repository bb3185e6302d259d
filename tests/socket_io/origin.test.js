// The clients of the system that we replace, unmodified, against two server processes.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { dial, endpoints, hears, nativeSocket, rest, runExample, runSnippets, site } from "./clients.js";

const CONVERSATION = 123;
const TRANSPORTS = {
  "the default, which begins by polling and upgrades": { ends: "websocket" },
  "websocket only": { transports: ["websocket"], ends: "websocket" },
  "polling only": { transports: ["polling"], ends: "polling" },
};

let bob;
before(async () => {
  bob = await nativeSocket({ server: 1, token: site.bob.token });
});
after(() => bob.close());

const messages = (wanted) => `/api/chat/conversations/${CONVERSATION}/messages${wanted ?? ""}`;
const says = (content) => (data) => data.content === content && data.conversationId === CONVERSATION;

for (const [name, { ends, ...options }] of Object.entries(TRANSPORTS)) {
  test(`the snippets chat with our own socket and with REST: ${name}`, async () => {
    bob.heard.length = 0;
    const asked = await rest("POST", messages(), { content: `Are you there? ${name}` }, { server: 1 });

    const socket = runSnippets(options, "connection.js", "events.js");

    const loaded = await hears(socket, "conversationLoaded");
    assert.equal(loaded.conversation.id, CONVERSATION);
    assert.ok(loaded.messages.some(says(`Are you there? ${name}`)));
    const greeting = await hears(bob, "newMessage", says("Hello!"));
    await hears(bob, "messagesRead", ({ upToSeq }) => upToSeq >= asked.seq);
    const { messages: history } = await rest("GET", messages(`?after=${asked.seq}`));
    assert.ok(history.some(({ id }) => id === greeting.id));

    // And from the others to this client, which confirms nothing by itself.
    bob.say("typing", { conversationId: CONVERSATION, isTyping: true });
    assert.equal((await hears(socket, "userTyping")).userId, site.bob.id);
    bob.say("sendMessage", { conversationId: CONVERSATION, content: `By socket: ${name}` });
    const answer = await hears(socket, "newMessage", says(`By socket: ${name}`));
    await hears(bob, "messageDelivered", ({ upToSeq }) => upToSeq >= answer.seq);
    bob.say("markMessagesAsRead", { conversationId: CONVERSATION });
    await hears(socket, "messagesRead", ({ userId }) => userId === site.bob.id);

    assert.equal(socket.io.engine.transport.name, ends);
    socket.close();
  });

  test(`callbacks are called: ${name}`, async () => {
    const socket = runSnippets(options, "connection.js");
    const ask = (...question) => socket.timeout(20000).emitWithAck(...question);
    const sent = await ask("sendMessage", { conversationId: CONVERSATION, content: "Hello!" });
    assert.equal(sent.senderId, site.alice.id);
    const refused = await ask("sendMessage", { conversationId: 0, content: "Hello!" });
    assert.equal(refused.errors[0].attr, "conversationId");
    assert.deepEqual(await ask("typing", { conversationId: CONVERSATION, isTyping: true }), {});
    const listed = await ask("getConversations");
    assert.deepEqual(listed.conversations.map(({ id }) => id), [CONVERSATION]);
    socket.emit("getConversations");
    assert.deepEqual(await hears(socket, "conversationsList"), listed);
    socket.close();
  });

  test(`who may not come in learns why, and does not try again: ${name}`, async () => {
    const { alice, expired } = site;
    const codes = { token_not_valid: ["nonsense", expired], not_authenticated: ["", undefined] };
    for (const [code, tokens] of Object.entries(codes)) {
      for (const token of tokens) {
        const socket = dial({ ...options, auth: { token } });
        const error = await new Promise((resolve) => socket.once("connect_error", resolve));
        assert.deepEqual([error.message, error.data.code], [code, code]);
        assert.equal(socket.active, false);
        // With a good one it may, by the same socket.
        socket.auth = { token: alice.token };
        socket.connect();
        await hears(socket, "connected");
        socket.close();
      }
    }
  });

  test(`a connection that is lost is made again: ${name}`, async () => {
    const socket = runSnippets(options, "connection.js");
    await hears(socket, "connected");
    socket.heard.length = 0;
    socket.io.engine.close();
    await hears(socket, "connected");
    await rest("POST", messages(), { content: `After that: ${name}` }, { server: 1 });
    await hears(socket, "newMessage", says(`After that: ${name}`));
    socket.close();
  });
}

test("every event of the document arrives", async () => {
  const socket = runSnippets({}, "connection.js", "events.js");
  const carol = await nativeSocket({ server: 1, token: site.carol.token });
  await hears(socket, "conversationLoaded");
  const title = { type: "group", title: "Lunch", memberIds: [site.alice.id, site.carol.id] };
  const group = await rest("POST", "/api/chat/conversations", title, { server: 1 });
  await hears(socket, "newNotification", ({ conversationId }) => conversationId === group.id);
  carol.close();
  await hears(socket, "userStatusChanged", ({ userId, isOnline }) => userId === site.carol.id && !isOnline);
  socket.close();
});

test("the example of our own page about the API works", async () => {
  const [socket, detail] = await runExample();
  assert.equal(detail, "Not found.");
  socket.close();
});

test("every endpoint of the document answers", async () => {
  const seen = [];
  for (const [method, path] of endpoints()) {
    const body = { POST: { content: "Hello!" }, PATCH: {} }[method];
    await rest(method, path.replace(":id", CONVERSATION), body);
    seen.push(method);
  }
  assert.deepEqual(seen, ["GET", "GET", "POST", "GET", "PATCH"]);
});
