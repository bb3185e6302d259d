import { tickStatus } from "./receipts.js";

/** The conversations that this page knows, each as the wire shows it to the viewer, kept up to date by events.
 *
 * Dispatches `change` with the id. Dispatches `stale` with the id where an event does not tell enough:
 * then the conversation has to be asked for again.
 */
export class ConversationBook extends EventTarget {
  #viewerId;
  #states = new Map();

  constructor(viewerId) {
    super();
    this.#viewerId = viewerId;
  }

  get(id) {
    return this.#states.get(id);
  }

  put(state) {
    this.#states.set(state.id, state);
    this.#tell("change", state.id);
  }

  drop(id) {
    if (this.#states.delete(id)) this.#tell("change", id);
  }

  /** As the list is sorted: newest activity first. */
  sorted() {
    return [...this.#states.values()].sort(byActivity);
  }

  get unreadTotal() {
    return [...this.#states.values()].reduce((total, state) => total + state.unreadCount, 0);
  }

  noteMessage(message) {
    const state = this.get(message.conversationId);
    if (!state || message.seq <= state.lastSeq) return;
    const isOwn = message.senderId === this.#viewerId;
    this.#change(state, {
      lastMessage: message,
      lastMessageAt: message.createdAt,
      lastSeq: message.seq,
      ...(isOwn && message.kind === "text"
        ? { unreadCount: 0, readSeq: message.seq, deliveredSeq: message.seq }
        : { unreadCount: state.unreadCount + Number(!isOwn && message.kind === "text") }),
    });
  }

  noteEdit({ conversationId, messageId, content, editedAt }) {
    this.#changeLast(conversationId, messageId, { content, editedAt });
  }

  noteDeletion({ conversationId, messageId, seq, deletedAt }) {
    const state = this.get(conversationId);
    if (!state) return;
    this.#changeLast(conversationId, messageId, { content: "", deletedAt });
    if (state.unreadCount && seq > state.readSeq) this.#tell("stale", state.id);
  }

  noteDelivered({ conversationId, userId, upToSeq }) {
    const state = this.get(conversationId);
    if (!state) return;
    if (userId === this.#viewerId) {
      this.#change(state, { deliveredSeq: Math.max(state.deliveredSeq, upToSeq) });
    } else if (state.kind === "group") {
      this.#askForTicks(state);
    } else {
      this.#change(state, { deliveredToAllSeq: Math.max(state.deliveredToAllSeq, upToSeq) });
    }
  }

  noteRead({ conversationId, userId, upToSeq }) {
    const state = this.get(conversationId);
    if (!state) return;
    if (userId === this.#viewerId) {
      this.#noteOwnReading(state, upToSeq);
    } else if (state.kind === "group") {
      this.#askForTicks(state);
    } else {
      this.#change(state, {
        deliveredToAllSeq: Math.max(state.deliveredToAllSeq, upToSeq),
        readByAllSeq: Math.max(state.readByAllSeq, upToSeq),
      });
    }
  }

  /** The ticks of a group, by somebody who knows all its members. */
  noteStanding(id, { deliveredToAll, readByAll }) {
    const state = this.get(id);
    if (state) this.#change(state, { deliveredToAllSeq: deliveredToAll, readByAllSeq: readByAll });
  }

  noteUpdate({ conversation, participants }) {
    const state = this.get(conversation.id);
    if (!state) return;
    const { title, memberCount, updatedAt } = conversation;
    const own = participants.find(({ user }) => user.id === this.#viewerId);
    const place = own && { isMember: own.isCurrent, canPost: own.isCurrent, role: own.role };
    this.#change(state, { title, memberCount, updatedAt, ...(state.kind === "group" && place) });
  }

  notePresence({ userId, isOnline, lastSeenAt }) {
    for (const state of this.#states.values()) {
      if (state.peer?.id !== userId) continue;
      this.#change(state, { peer: { ...state.peer, isOnline, lastSeenAt } });
    }
  }

  #noteOwnReading(state, upToSeq) {
    if (upToSeq <= state.readSeq) return;
    const isAll = upToSeq >= state.lastSeq;
    const deliveredSeq = Math.max(state.deliveredSeq, upToSeq);
    this.#change(state, { readSeq: upToSeq, deliveredSeq, ...(isAll && { unreadCount: 0 }) });
    if (!isAll) this.#tell("stale", state.id);
  }

  #askForTicks(state) {
    const status = tickOf(state, this.#viewerId);
    if (status && status !== "read") this.#tell("stale", state.id);
  }

  #changeLast(conversationId, messageId, changes) {
    const state = this.get(conversationId);
    if (state?.lastMessage?.id !== messageId) return;
    this.#change(state, { lastMessage: { ...state.lastMessage, ...changes } });
  }

  #change(state, changes) {
    this.put({ ...state, ...changes });
  }

  #tell(type, id) {
    this.dispatchEvent(new CustomEvent(type, { detail: { id } }));
  }
}

export function activityOf(state) {
  return state.lastMessageAt ?? state.createdAt;
}

export function byActivity(one, other) {
  return activityOf(other).localeCompare(activityOf(one)) || other.id - one.id;
}

export function titleOf(state) {
  return state.peer ? state.peer.displayName : state.title;
}

/** The tick in the row: of an own last message, that is still there. */
export function tickOf(state, viewerId) {
  const last = state.lastMessage;
  if (!last || last.senderId !== viewerId || last.kind === "system" || last.deletedAt) return "";
  return tickStatus(last.seq, {
    deliveredToAll: state.deliveredToAllSeq,
    readByAll: state.readByAllSeq,
  });
}
