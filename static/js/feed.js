/** What each event of the server does to what this page knows. It listens first: elements show it afterwards. */

import { book, catchUp, delivery, names, sender, socket, typing, viewerId } from "./app.js";

const TYPING_CHECK = 1_000;

on("newMessage", noteMessage);
on("messageEdited", (event) => versioned(event, () => book.noteEdit(event)));
on("messageDeleted", (event) => versioned(event, () => book.noteDeletion(event)));
on("messageDeletedForMe", noteDeletionForMe);
on("messageDelivered", (event) => versioned(event, () => book.noteDelivered(event)));
on("messagesRead", (event) => versioned(event, () => noteRead(event)));
on("conversationUpdated", noteUpdate);
on("blockChanged", (event) => book.noteBlock(event));
on("preferencesChanged", notePreferences);
on("userStatusChanged", (event) => book.notePresence(event));
on("userTyping", noteTyping);
on("changes", noteChanges);
on("gone", ({ conversationId }) => book.drop(conversationId));
on("ownReads", noteOwnReads);
on("ownPreferences", (preferences) => book.noteAllPreferences(preferences));
book.addEventListener("stale", ({ detail }) => catchUp.refresh(detail.id));
sender.addEventListener("sent", ({ detail }) => noteMessage(detail.message));
setInterval(() => typing.expire().forEach(tellTyping), TYPING_CHECK);

/** What stood in the page when it came. */
export function noteState(state) {
  book.put(state);
  rememberPeople(state);
  delivery.settle(state.id, state.deliveredSeq);
  if (state.isMember) delivery.received(state.id, state.lastSeq);
}

/** A conversation that is shown as it was at that version: what it lacks is asked for, should more be known already. */
export function noteShown(state) {
  const known = book.get(state.id);
  if (!known || known.lastSeq <= state.lastSeq) noteState(state);
  catchUp.showsOnly(state.id, state.version);
}

function on(name, act) {
  socket.addEventListener(name, ({ detail }) => act(detail));
}

function versioned({ conversationId, version }, act) {
  act();
  catchUp.note(conversationId, version);
}

function noteMessage(message) {
  names.set(message.senderId, message.sender.displayName);
  noteTyping({ ...message, userId: message.senderId, isTyping: false });
  versioned(message, () => book.noteMessage(message));
  // It stands further down than the list was scrolled: what its row needs has to be asked for.
  if (!book.get(message.conversationId)) catchUp.refresh(message.conversationId);
  if (message.senderId !== viewerId) delivery.received(message.conversationId, message.seq);
}

function noteDeletionForMe(event) {
  catchUp.noteDeletedForMe(event.number);
  book.noteDeletionForMe(event);
}

function noteRead(event) {
  if (event.userId === viewerId) delivery.settle(event.conversationId, event.upToSeq);
  book.noteRead(event);
}

function noteUpdate(event) {
  for (const { user } of event.participants) names.set(user.id, user.displayName);
  book.noteUpdate(event);
  catchUp.note(event.conversation.id, event.conversation.version);
}

function notePreferences(event) {
  book.notePreferences(event);
  // It may now belong where the list has been loaded.
  if (!book.get(event.conversationId)) catchUp.refresh(event.conversationId);
}

function noteTyping({ conversationId, userId, isTyping }) {
  typing.note(conversationId, userId, isTyping);
  tellTyping(conversationId);
}

function tellTyping(conversationId) {
  socket.dispatchEvent(new CustomEvent("typingChanged", { detail: { conversationId } }));
}

function noteChanges({ conversation, participants }) {
  for (const { user } of participants) names.set(user.id, user.displayName);
  noteState(conversation);
}

function noteOwnReads(readSeqs) {
  for (const [id, upToSeq] of Object.entries(readSeqs)) {
    book.noteRead({ conversationId: Number(id), userId: viewerId, upToSeq });
  }
}

function rememberPeople({ peer, lastMessage }) {
  if (peer) names.set(peer.id, peer.displayName);
  if (lastMessage) names.set(lastMessage.senderId, lastMessage.sender.displayName);
}
