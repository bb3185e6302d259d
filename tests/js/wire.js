/** Shapes as the wire has them, with what a test says and defaults for the rest. */

export const ALICE = 1;
export const BOB = 2;
export const CAROL = 3;

const NAMES = { [ALICE]: "Alice", [BOB]: "Bob", [CAROL]: "Carol" };

export function person(id) {
  return { id, displayName: NAMES[id], avatarUrl: null, role: "member", isActive: true };
}

export function message(seq, senderId, more = {}) {
  return {
    id: 100 + seq,
    conversationId: 7,
    seq,
    version: seq,
    kind: "text",
    senderId,
    sender: person(senderId),
    content: `message ${seq}`,
    system: null,
    createdAt: `2026-11-22T10:00:${String(seq).padStart(2, "0")}.000Z`,
    editedAt: null,
    deletedAt: null,
    ...more,
  };
}

export function conversation(more = {}) {
  return {
    id: 7,
    kind: "direct",
    title: "",
    createdAt: "2026-11-01T09:00:00.000Z",
    lastMessageAt: null,
    lastSeq: 0,
    version: 0,
    memberCount: 2,
    peer: { ...person(BOB), about: "", isOnline: false, lastSeenAt: null },
    lastMessage: null,
    unreadCount: 0,
    readSeq: 0,
    deliveredSeq: 0,
    deliveredToAllSeq: 0,
    readByAllSeq: 0,
    role: "member",
    isMember: true,
    canPost: true,
    pinnedAt: null,
    archivedAt: null,
    mutedUntil: null,
    level: "all",
    ...more,
  };
}

export function place(userId, more = {}) {
  return { user: person(userId), isCurrent: true, deliveredSeq: 0, readSeq: 0, role: "member", ...more };
}
