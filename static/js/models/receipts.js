/** How far the members of a conversation have got; what the ticks of own messages derive from. */
export class Receipts {
  #viewerId;
  #places = new Map();

  constructor(viewerId, participants) {
    this.#viewerId = viewerId;
    for (const participant of participants) this.notePlace(participant);
  }

  notePlace({ user, isCurrent, confirms = true, deliveredSeq, readSeq }) {
    const before = this.#places.get(user.id);
    // Pointers move forward only, except for somebody who comes again.
    const hasReturned = isCurrent && before && !before.isCurrent;
    const keeps = before && !hasReturned;
    this.#places.set(user.id, {
      isCurrent,
      confirms,
      delivered: keeps ? Math.max(before.delivered, deliveredSeq) : deliveredSeq,
      read: keeps ? Math.max(before.read, readSeq) : readSeq,
    });
  }

  noteDelivered(userId, seq) {
    const place = this.#places.get(userId);
    if (place) place.delivered = Math.max(place.delivered, seq);
  }

  noteRead(userId, seq) {
    this.noteDelivered(userId, seq);
    const place = this.#places.get(userId);
    if (place) place.read = Math.max(place.read, seq);
  }

  get deliveredToAll() {
    return this.#lowest("delivered");
  }

  get readByAll() {
    return this.#lowest("read");
  }

  /** Of an own message. */
  statusOf(seq) {
    return tickStatus(seq, { deliveredToAll: this.deliveredToAll, readByAll: this.readByAll });
  }

  #lowest(pointer) {
    const others = [...this.#places].filter(
      ([id, place]) => id !== this.#viewerId && place.isCurrent && place.confirms,
    );
    return Math.min(...others.map(([, place]) => place[pointer]));
  }
}

export function tickStatus(seq, { deliveredToAll, readByAll }) {
  if (seq <= readByAll) return "read";
  return seq <= deliveredToAll ? "delivered" : "sent";
}
