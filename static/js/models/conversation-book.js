import { mentions } from "./mentions.js";
import { tickStatus } from "./receipts.js";

const NONE = { pinnedAt: null, archivedAt: null, mutedUntil: null, level: "all" };

/** The conversations that this page knows, each as the wire shows it to the viewer, kept up to date by events.
 *
 * Dispatches `change` with the id. Dispatches `stale` with the id where an event does not tell enough:
 * then the conversation has to be asked for again.
 */
export class ConversationBook extends EventTarget {
  #viewerId;
  #viewerName;
  #states = new Map();
  #archived = new Set();

  constructor(viewerId, viewerName = "") {
    super();
    this.#viewerId = viewerId;
    this.#viewerName = viewerName;
  }

  get(id) {
    return this.#states.get(id);
  }

  put(state) {
    this.#states.set(state.id, state);
    this.#noteArchived(state.id, state.archivedAt);
    this.#tell("change", state.id);
  }

  drop(id) {
    this.#archived.delete(id);
    if (this.#states.delete(id)) this.#tell("change", id);
  }

  /** As the list is sorted: what is pinned, then newest activity first. */
  sorted() {
    return [...this.#states.values()].sort(byPlace);
  }

  /** Of what wants attention: neither muted nor archived. */
  get unreadTotal() {
    return [...this.#states.values()]
      .filter((state) => !state.archivedAt && !isMuted(state))
      .reduce((total, state) => total + state.unreadCount, 0);
  }

  /** How many are archived, those included that are not loaded. */
  get archivedCount() {
    return this.#archived.size;
  }

  noteArchived(ids) {
    for (const id of ids) this.#archived.add(id);
  }

  notePreferences({ conversationId, ...preferences }) {
    this.#noteArchived(conversationId, preferences.archivedAt);
    const state = this.get(conversationId);
    if (state) this.#change(state, preferences);
    else this.#tell("change", conversationId);
  }

  /** All that are set, by id; of the others there are none. */
  noteAllPreferences(preferences) {
    for (const id of this.#archived) if (!preferences[id]) this.#archived.delete(id);
    for (const state of this.#states.values()) {
      const kept = preferences[state.id] ?? NONE;
      if (Object.keys(NONE).some((name) => state[name] !== kept[name])) this.#change(state, kept);
    }
    for (const [id, { archivedAt }] of Object.entries(preferences)) this.#noteArchived(Number(id), archivedAt);
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
        ? { unreadCount: 0, hasMention: false, readSeq: message.seq, deliveredSeq: message.seq }
        : {
            unreadCount: state.unreadCount + Number(!isOwn && message.kind === "text"),
            hasMention: state.hasMention || (!isOwn && this.#isMeant(state, message)),
          }),
    });
  }

  noteEdit({ conversationId, messageId, seq, content, editedAt }) {
    this.#changeLast(conversationId, messageId, { content, editedAt });
    const state = this.get(conversationId);
    if (state?.kind === "group" && state.unreadCount && seq > state.readSeq) this.#tell("stale", state.id);
  }

  noteDeletion({ conversationId, messageId, seq, deletedAt }) {
    const state = this.get(conversationId);
    if (!state) return;
    this.#changeLast(conversationId, messageId, { content: "", deletedAt });
    if (state.unreadCount && seq > state.readSeq) this.#tell("stale", state.id);
  }

  /** What stands before it is not known here. */
  noteDeletionForMe({ conversationId, seq }) {
    const state = this.get(conversationId);
    const isUnread = state?.unreadCount && seq > state.readSeq;
    if (state && (isUnread || state.lastMessage?.seq === seq)) this.#tell("stale", state.id);
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
    const { title, description, pictureUrl, whoMayPost, memberCount, updatedAt } = conversation;
    const changed = { ...state, title, description, pictureUrl, whoMayPost, memberCount, updatedAt };
    if (state.kind === "group") {
      const own = participants.find(({ user }) => user.id === this.#viewerId);
      if (own) Object.assign(changed, { isMember: own.isCurrent, role: own.role });
      changed.canPost = changed.isMember && (whoMayPost !== "admins" || changed.role === "admin");
    }
    this.put(changed);
  }

  noteBlock({ userId }) {
    for (const state of this.#states.values()) if (state.peer?.id === userId) this.#tell("stale", state.id);
  }

  notePresence({ userId, isOnline, lastSeenAt }) {
    for (const state of this.#states.values()) {
      if (state.peer?.id !== userId) continue;
      this.#change(state, { peer: { ...state.peer, isOnline, lastSeenAt } });
    }
  }

  #isMeant(state, message) {
    const viewer = { id: this.#viewerId, name: this.#viewerName };
    return state.kind === "group" && message.kind === "text" && mentions(message, viewer);
  }

  #noteArchived(id, archivedAt) {
    if (archivedAt) this.#archived.add(id);
    else this.#archived.delete(id);
  }

  #noteOwnReading(state, upToSeq) {
    if (upToSeq <= state.readSeq) return;
    const isAll = upToSeq >= state.lastSeq;
    const deliveredSeq = Math.max(state.deliveredSeq, upToSeq);
    this.#change(state, { readSeq: upToSeq, deliveredSeq, ...(isAll && { unreadCount: 0, hasMention: false }) });
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

/** The order of the list. */
export function byPlace(one, other) {
  const pinned = Number(Boolean(other.pinnedAt)) - Number(Boolean(one.pinnedAt));
  return pinned || compare(activityOf(other), activityOf(one)) || other.id - one.id;
}

export function isMuted({ mutedUntil }, now = new Date()) {
  return Boolean(mutedUntil) && new Date(mutedUntil) > now;
}

/** Times of the wire sort as they stand. */
function compare(one, other) {
  return one < other ? -1 : Number(one > other);
}

export function titleOf(state) {
  return state.peer ? state.peer.displayName : state.title;
}

export function pictureOf(state) {
  return state.peer ? state.peer.avatarUrl : state.pictureUrl;
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
