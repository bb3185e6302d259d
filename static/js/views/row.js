import { drafts, names, typing, viewerId } from "../app.js";
import { clone, field, mark, setText, show } from "../lib/dom.js";
import { fillAvatar } from "../lib/people.js";
import { number, say, sayCount } from "../lib/sentences.js";
import { moments } from "../lib/time.js";
import { activityOf, isMuted, pictureOf, tickOf, titleOf } from "../models/conversation-book.js";
import { systemText } from "../models/system-lines.js";

const PREVIEW_LENGTH = 160;

export function rowElement(state) {
  const row = clone("conversation-row-template");
  row.dataset.conversationId = state.id;
  row.dataset.kind = state.kind;
  row.querySelector("a").href = `/c/${state.id}`;
  return row;
}

/** From the state of a conversation to its row in the list. */
export function fillRow(row, state) {
  const title = titleOf(state);
  const status = tickOf(state, viewerId);
  fillAvatar(row.querySelector(".avatar"), {
    id: state.peer?.id ?? state.id,
    name: title,
    url: pictureOf(state),
    isOnline: state.peer?.isOnline,
  });
  setText(row, "title", title);
  row.dataset.status = status;
  row.querySelector("message-tick").dataset.status = status;
  fillPreview(row, state);
  fillMarks(row, state);
  fillTime(row, state);
  fillUnread(row, state.unreadCount);
  show(field(row, "mention"), state.hasMention);
  fillTyping(row, state);
}

export function fillTime(row, state) {
  const time = field(row, "time");
  time.dateTime = activityOf(state);
  time.textContent = moments.listTime(new Date(activityOf(state)));
}

/** "typing…", or in a group who. Empty when nobody is. */
export function typingText({ id, kind }) {
  const people = typing.who(id);
  if (people.length === 0) return "";
  const [name, other] = people.map((userId) => names.get(userId));
  if (kind === "direct" || !name) return say("status.typing");
  if (people.length === 1) return say("status.typing.one", { name });
  if (people.length === 2 && other) return say("status.typing.two", { name, other });
  return say("status.typing.many");
}

function fillPreview(row, state) {
  const draft = draftOf(state);
  mark(row, "draft", draft !== "");
  setText(row, "prefix", draft ? say("row.draft") : prefixOf(state));
  setText(row, "preview", draft || previewOf(state));
}

/** What was begun there and not sent; where one is just writing, it is no news. */
function draftOf({ id }) {
  if (location.pathname === `/c/${id}`) return "";
  return oneLine(drafts.of(id)?.content ?? "");
}

function fillMarks(row, state) {
  mark(row, "pinned", Boolean(state.pinnedAt));
  mark(row, "muted", isMuted(state));
  show(field(row, "pinned"), Boolean(state.pinnedAt));
  show(field(row, "muted"), isMuted(state));
  row.querySelector("[data-action=menu]").ariaLabel = say("row.menu", { name: titleOf(state) });
}

function fillUnread(row, count) {
  setText(row, "unread-count", number(count));
  setText(row, "unread-label", count ? sayCount("unreadMessages", count) : "");
  show(field(row, "unread"), count > 0);
}

function fillTyping(row, state) {
  const text = typingText(state);
  setText(row, "typing", text);
  show(field(row, "typing"), text !== "");
  show(row.querySelector(".conversation-last"), text === "");
}

function prefixOf({ kind, lastMessage }) {
  const tells = kind === "group" && lastMessage?.kind === "text" && !lastMessage.deletedAt;
  if (!tells || lastMessage.senderId === viewerId) return "";
  return say("message.sender", { name: lastMessage.sender.displayName });
}

function previewOf({ lastMessage }) {
  if (!lastMessage) return "";
  if (lastMessage.kind === "system") return systemText(lastMessage, viewerId, say);
  if (lastMessage.deletedAt) return say("message.deleted");
  return oneLine(lastMessage.content);
}

function oneLine(text) {
  return text.replace(/\s+/g, " ").trim().slice(0, PREVIEW_LENGTH);
}
