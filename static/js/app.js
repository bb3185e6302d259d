/** What the elements of a page share: one connection, and what is known so far. */

import { CatchUp } from "./catch-up.js";
import { Delivery } from "./delivery.js";
import { Journal } from "./journal.js";
import { ConversationBook } from "./models/conversation-book.js";
import { Drafts } from "./models/drafts.js";
import { Outbox } from "./models/outbox.js";
import { TypingTracker } from "./models/typing-tracker.js";
import { VersionTracker } from "./models/version-tracker.js";
import { Sender } from "./sender.js";
import { ChatSocket } from "./socket.js";
import { openDatabase, Table } from "./lib/database.js";
import { embedded } from "./lib/dom.js";

export const viewerId = Number(document.body.dataset.userId);

const scheme = location.protocol === "https:" ? "wss" : "ws";
export const socket = new ChatSocket(`${scheme}://${location.host}/ws/chat/`);
export const book = new ConversationBook(viewerId, document.body.dataset.userName);
export const typing = new TypingTracker();
export const drafts = new Drafts({ storage: localStorage, userId: viewerId });

const outbox = new Outbox({
  table: new Table(openDatabase(`parley.outbox.${viewerId}`, { outbox: { key: "clientId" } }), "outbox"),
});
export const sender = new Sender({
  socket,
  outbox,
  locks: navigator.locks,
  others: new BroadcastChannel(`parley.outbox.${viewerId}`),
});
export const delivery = new Delivery({ socket });

const tracker = new VersionTracker(embedded("conversation-versions") ?? {});
export const catchUp = new CatchUp({ socket, tracker, deletedForMeUpTo: embedded("deleted-for-me") });

const events = { key: ["conversationId", "version", "name"], indexes: ["at"] };
new Journal({ database: openDatabase(`parley.kept.${viewerId}`, { events }), socket, sender, catchUp });

/** Names of people who are only known by id in events. */
export const names = new Map();

// Before any element shows what waits. A browser that keeps nothing can still send.
await outbox.load().catch((error) => console.warn("What was left to send cannot be read.", error));
