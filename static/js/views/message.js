import { viewerId } from "../app.js";
import { clone, field, mark, setText, show } from "../lib/dom.js";
import { fillAvatar, tint } from "../lib/people.js";
import { say } from "../lib/sentences.js";
import { moments } from "../lib/time.js";
import { systemText } from "../models/system-lines.js";
import { fillContent, sourceOf } from "./content.js";

export { sourceOf };

// As the server shortens it.
const QUOTE_LENGTH = 160;

/** From a message as the wire shows it to the markup of _message.html, or of _system_line.html. */
export function messageElement(message) {
  const isSystem = message.kind === "system";
  const element = clone(isSystem ? "system-line-template" : "message-template");
  if (isSystem) fillSystemLine(element, message);
  else fillMessage(element, message);
  return element;
}

/** A message that only exists here: it has no seq yet. */
export function pendingElement(entry) {
  const element = clone("message-template");
  element.removeAttribute("id");
  delete element.dataset.seq;
  Object.assign(element.dataset, {
    clientId: entry.clientId,
    senderId: viewerId,
    createdAt: entry.createdAt,
    own: "",
  });
  setText(element, "sender", say("message.you"));
  fillContent(element, entry.content);
  fillTime(element, entry.createdAt);
  fillQuote(element, entry.replyTo);
  showFailure(element, entry.failure);
  return element;
}

/** `readAt`, in case that it has just been read and there is one who read it. */
export function showStatus(element, status, readAt = null) {
  const tick = element.querySelector("message-tick");
  if (readAt && status === "read" && tick.dataset.status !== "read") tick.dataset.readAt = readAt;
  element.dataset.status = status;
  tick.dataset.status = status;
}

export function showFailure(element, reason) {
  showStatus(element, reason === null ? "sending" : "failed");
  const text = reason ? say("failure.reason", { reason }) : say("failure.unsent");
  setText(element, "failure-reason", text);
  show(field(element, "failure"), reason !== null);
}

export function showEdit(element, content) {
  fillContent(element, content);
  mark(element, "edited", true);
}

export function showDeletion(element) {
  fillContent(element, "");
  mark(element, "deleted", true);
}

/** What is quoted has changed, or is gone. */
export function showQuoted(box, { content, deletedAt }) {
  const text = deletedAt ? say("message.deleted") : [...content].slice(0, QUOTE_LENGTH).join("");
  setText(box, "quote-content", text);
}

/** What a reply to this message quotes. */
export function quoteOf(element) {
  return {
    id: Number(element.dataset.messageId),
    seq: Number(element.dataset.seq),
    senderId: Number(element.dataset.senderId),
    senderName: field(element, "sender").textContent,
    content: sourceOf(element),
    isDeleted: "deleted" in element.dataset,
  };
}

/** Of its own page. */
export function addressOf(element) {
  return element.querySelector("[data-action=menu]").href;
}

/** What is written anew when this message is edited. */
export function draftOf(element) {
  const { messageId, seq } = element.dataset;
  return { id: Number(messageId), seq: Number(seq), content: sourceOf(element) };
}

/** What the viewer's rights on it derive from. */
export function standingOf(element) {
  return {
    isStored: "seq" in element.dataset,
    isDeleted: "deleted" in element.dataset,
    isOwn: "own" in element.dataset,
    createdAt: element.dataset.createdAt,
  };
}

function fillSystemLine(element, message) {
  identify(element, message);
  setText(element, "content", systemText(message, viewerId, say));
}

function fillMessage(element, message) {
  identify(element, message);
  element.dataset.clientId = message.clientId ?? "";
  mark(element, "own", message.senderId === viewerId);
  mark(element, "edited", message.editedAt !== null);
  mark(element, "deleted", message.deletedAt !== null);
  fillSender(element, message.sender);
  fillContent(element, message.content);
  fillAvatar(element.querySelector(".avatar"), {
    id: message.senderId,
    name: message.sender.displayName,
    url: message.sender.avatarUrl,
  });
  fillTime(element, message.createdAt);
  if (message.readAt) element.querySelector("message-tick").dataset.readAt = message.readAt;
  fillQuote(element, message.replyTo);
  element.querySelector("[data-action=menu]").href = `/c/${message.conversationId}/messages/${message.id}`;
}

function fillSender(element, sender) {
  const name = field(element, "sender");
  name.textContent = sender.displayName;
  name.dataset.tint = tint(sender.id);
  if (sender.isBot) name.dataset.bot = say("status.bot");
}

function identify(element, message) {
  element.id = `message-${message.seq}`;
  Object.assign(element.dataset, {
    seq: message.seq,
    messageId: message.id,
    senderId: message.senderId,
    createdAt: message.createdAt,
  });
}

function fillTime(element, createdAt) {
  const time = field(element, "time");
  time.dateTime = createdAt;
  time.textContent = moments.clock(new Date(createdAt));
}

function fillQuote(element, quote) {
  const box = field(element, "quote");
  show(box, Boolean(quote));
  if (!quote) return;
  box.hash = `#message-${quote.seq}`;
  box.dataset.seq = quote.seq;
  box.dataset.tint = tint(quote.senderId);
  setText(box, "quote-sender", quote.senderName);
  showQuoted(box, { content: quote.content, deletedAt: quote.isDeleted });
}
