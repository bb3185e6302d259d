import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { ConversationBook, tickOf } from "../../static/js/models/conversation-book.js";
import { ALICE, BOB, CAROL, conversation, message, person, place } from "./wire.js";

let book;
let stale;

beforeEach(() => {
  book = new ConversationBook(ALICE);
  stale = [];
  book.addEventListener("stale", ({ detail }) => stale.push(detail.id));
});

const now = () => book.get(7);
const tick = () => tickOf(now(), ALICE);

test("a message of another counts as unread and becomes the last one", () => {
  book.put(conversation());
  book.noteMessage(message(1, BOB));
  book.noteMessage(message(2, BOB));
  assert.equal(now().unreadCount, 2);
  assert.equal(now().lastMessage.seq, 2);
  assert.equal(book.unreadTotal, 2);
});

test("the same message twice counts once", () => {
  book.put(conversation());
  book.noteMessage(message(1, BOB));
  book.noteMessage(message(1, BOB));
  assert.equal(now().unreadCount, 1);
});

test("a system line is news, but not unread", () => {
  book.put(conversation({ kind: "group" }));
  book.noteMessage(message(1, BOB, { kind: "system" }));
  assert.equal(now().lastSeq, 1);
  assert.equal(now().unreadCount, 0);
});

test("sending implies having read", () => {
  book.put(conversation({ unreadCount: 3, lastSeq: 3 }));
  book.noteMessage(message(4, ALICE));
  assert.equal(now().unreadCount, 0);
  assert.equal(now().readSeq, 4);
});

test("reading all on another device clears the count; reading some asks again", () => {
  book.put(conversation({ unreadCount: 3, lastSeq: 3 }));
  book.noteRead({ conversationId: 7, userId: ALICE, upToSeq: 2 });
  assert.deepEqual(stale, [7]);
  book.noteRead({ conversationId: 7, userId: ALICE, upToSeq: 3 });
  assert.equal(now().unreadCount, 0);
  assert.deepEqual(stale, [7]);
});

test("an old receipt of mine changes nothing and asks for nothing", () => {
  book.put(conversation({ unreadCount: 1, lastSeq: 3, readSeq: 2 }));
  book.noteRead({ conversationId: 7, userId: ALICE, upToSeq: 2 });
  assert.deepEqual(stale, []);
  assert.equal(now().unreadCount, 1);
});

test("the tick of a direct conversation follows the other's receipts, which never go back", () => {
  book.put(conversation());
  book.noteMessage(message(1, ALICE));
  assert.equal(tick(), "sent");
  book.noteDelivered({ conversationId: 7, userId: BOB, upToSeq: 1 });
  assert.equal(tick(), "delivered");
  book.noteRead({ conversationId: 7, userId: BOB, upToSeq: 1 });
  book.noteDelivered({ conversationId: 7, userId: BOB, upToSeq: 0 });
  assert.equal(tick(), "read");
});

test("the tick of a group needs all members, so it is asked for, unless everybody has read", () => {
  book.put(conversation({ kind: "group", peer: null }));
  book.noteMessage(message(1, ALICE));
  book.noteRead({ conversationId: 7, userId: CAROL, upToSeq: 1 });
  assert.deepEqual(stale, [7]);
  book.noteStanding(7, { deliveredToAll: 1, readByAll: 1 });
  assert.equal(tick(), "read");
  book.noteRead({ conversationId: 7, userId: BOB, upToSeq: 1 });
  assert.deepEqual(stale, [7]);
});

test("no tick on what others said, on system lines, on what is deleted", () => {
  book.put(conversation({ lastMessage: message(1, BOB), lastSeq: 1 }));
  assert.equal(tick(), "");
  book.put(conversation({ lastMessage: message(1, ALICE, { kind: "system" }), lastSeq: 1 }));
  assert.equal(tick(), "");
  book.put(conversation({ lastMessage: message(1, ALICE), lastSeq: 1 }));
  book.noteDeletion({ conversationId: 7, messageId: 101, seq: 1, deletedAt: "2026-11-22T11:00:00.000Z" });
  assert.equal(tick(), "");
});

test("an edit changes the preview only if it is the last message", () => {
  book.put(conversation({ lastMessage: message(2, BOB), lastSeq: 2 }));
  book.noteEdit({ conversationId: 7, messageId: 101, content: "other", editedAt: "x" });
  assert.equal(now().lastMessage.content, "message 2");
  book.noteEdit({ conversationId: 7, messageId: 102, content: "other", editedAt: "x" });
  assert.equal(now().lastMessage.content, "other");
});

test("an unread message that is deleted makes the count uncertain", () => {
  book.put(conversation({ lastSeq: 3, unreadCount: 1, readSeq: 2 }));
  book.noteDeletion({ conversationId: 7, messageId: 102, seq: 2, deletedAt: "x" });
  assert.deepEqual(stale, []);
  book.noteDeletion({ conversationId: 7, messageId: 103, seq: 3, deletedAt: "x" });
  assert.deepEqual(stale, [7]);
});

test("whoever is removed from a group can no longer write there", () => {
  book.put(conversation({ kind: "group", peer: null }));
  const summary = { id: 7, title: "Lunch", memberCount: 2, updatedAt: "x" };
  book.noteUpdate({ conversation: summary, participants: [place(ALICE, { isCurrent: false })] });
  assert.equal(now().canPost, false);
  assert.equal(now().isMember, false);
  assert.equal(now().title, "Lunch");
});

test("where only administrators post, whoever becomes one can, and whoever ceases to be cannot", () => {
  book.put(conversation({ kind: "group", peer: null }));
  const summary = { id: 7, title: "Lunch", whoMayPost: "admins", memberCount: 3, updatedAt: "x" };
  book.noteUpdate({ conversation: summary, participants: [] });
  assert.equal(now().canPost, false);
  book.noteUpdate({ conversation: summary, participants: [place(ALICE, { role: "admin" })] });
  assert.equal(now().canPost, true);
  book.noteUpdate({ conversation: { ...summary, whoMayPost: "everyone" }, participants: [place(ALICE)] });
  assert.equal(now().canPost, true);
});

test("presence reaches the conversation with that person", () => {
  book.put(conversation());
  book.put(conversation({ id: 8, peer: { ...person(CAROL), isOnline: false, lastSeenAt: null } }));
  book.notePresence({ userId: BOB, isOnline: true, lastSeenAt: null });
  assert.equal(book.get(7).peer.isOnline, true);
  assert.equal(book.get(8).peer.isOnline, false);
});

test("sorted by last activity; a new conversation counts from its beginning", () => {
  book.put(conversation({ id: 1, lastMessageAt: "2026-11-20T10:00:00.000Z" }));
  book.put(conversation({ id: 2, lastMessageAt: "2026-11-22T10:00:00.000Z" }));
  book.put(conversation({ id: 3, createdAt: "2026-11-21T10:00:00.000Z" }));
  assert.deepEqual(book.sorted().map(({ id }) => id), [2, 3, 1]);
});

test("what is pinned comes first, however old", () => {
  book.put(conversation({ id: 1, lastMessageAt: "2026-11-20T10:00:00.000Z", pinnedAt: "2026-11-20T10:00:00.000Z" }));
  book.put(conversation({ id: 2, lastMessageAt: "2026-11-22T10:00:00.000Z" }));
  assert.deepEqual(book.sorted().map(({ id }) => id), [1, 2]);
  book.notePreferences({ conversationId: 1, pinnedAt: null, archivedAt: null, mutedUntil: null });
  assert.deepEqual(book.sorted().map(({ id }) => id), [2, 1]);
});

test("what is muted or archived asks for no attention", () => {
  const quiet = { pinnedAt: null, archivedAt: null, mutedUntil: null };
  book.put(conversation({ unreadCount: 3 }));
  book.notePreferences({ ...quiet, conversationId: 7, mutedUntil: "9999-01-01T00:00:00.000Z" });
  assert.equal(book.unreadTotal, 0);
  book.notePreferences({ ...quiet, conversationId: 7, mutedUntil: "2020-01-01T00:00:00.000Z" });
  assert.equal(book.unreadTotal, 3);
  book.notePreferences({ ...quiet, conversationId: 7, archivedAt: "2026-11-22T10:00:00.000Z" });
  assert.equal(book.unreadTotal, 0);
});

test("the archive counts what is not loaded, too, and sync has the last word", () => {
  const archived = { pinnedAt: null, archivedAt: "2026-11-22T10:00:00.000Z", mutedUntil: null };
  book.noteArchived([8, 9]);
  book.put(conversation());
  book.notePreferences({ conversationId: 7, ...archived });
  assert.equal(book.archivedCount, 3);
  book.noteAllPreferences({ 9: archived });
  assert.equal(book.archivedCount, 1);
  assert.equal(now().archivedAt, null);
  book.drop(9);
  assert.equal(book.archivedCount, 0);
});

test("events of unknown conversations are left to sync", () => {
  book.noteMessage(message(1, BOB));
  book.noteRead({ conversationId: 7, userId: BOB, upToSeq: 1 });
  book.noteDelivered({ conversationId: 7, userId: BOB, upToSeq: 1 });
  assert.equal(now(), undefined);
  assert.deepEqual(stale, []);
});
