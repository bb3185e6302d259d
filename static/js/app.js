/** What the elements of a page share: one connection, and what is known so far. */

import { CatchUp } from "./catch-up.js";
import { Delivery } from "./delivery.js";
import { ConversationBook } from "./models/conversation-book.js";
import { Outbox } from "./models/outbox.js";
import { TypingTracker } from "./models/typing-tracker.js";
import { VersionTracker } from "./models/version-tracker.js";
import { Sender } from "./sender.js";
import { ChatSocket } from "./socket.js";
import { embedded } from "./lib/dom.js";

export const viewerId = Number(document.body.dataset.userId);

const scheme = location.protocol === "https:" ? "wss" : "ws";
export const socket = new ChatSocket(`${scheme}://${location.host}/ws/chat/`);
export const book = new ConversationBook(viewerId);
export const typing = new TypingTracker();
export const outbox = new Outbox({ storage: localStorage, userId: viewerId });
export const sender = new Sender({ socket, outbox });
export const delivery = new Delivery({ socket });

const tracker = new VersionTracker(embedded("conversation-versions") ?? {});
export const catchUp = new CatchUp({ socket, tracker });

/** Names of people who are only known by id in events. */
export const names = new Map();
