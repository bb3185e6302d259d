import { clone, field, mark } from "../lib/dom.js";
import { moments } from "../lib/time.js";
import { continuesGroup, placeOf } from "../models/message-order.js";

const MESSAGE = "[data-created-at]";

/** The messages on the page: an <ol> of days, each with its own <ol>. Keeps order, days and groups right. */
export class Days {
  #root;

  constructor(root) {
    this.#root = root;
  }

  /** From list to list, not through all that is in each message: this is asked for each one that comes. */
  get messages() {
    const lists = [...this.#root.children].map((day) => field(day, "messages"));
    return lists.flatMap((list) => [...list.children]).filter((one) => one.matches(MESSAGE));
  }

  get stored() {
    return this.messages.filter((one) => one.hasAttribute("data-seq"));
  }

  get firstSeq() {
    return seqOf(this.stored[0]);
  }

  get lastSeq() {
    return seqOf(this.stored.at(-1));
  }

  bySeq(seq) {
    const found = document.getElementById(`message-${seq}`);
    return this.#root.contains(found) ? found : null;
  }

  byClientId(clientId) {
    return this.#root.querySelector(`[data-client-id="${clientId}"]`);
  }

  quotesOf(seq) {
    return this.#root.querySelectorAll(`.quote[data-seq="${seq}"]`);
  }

  /** Puts a stored message where its seq belongs; false if it is there already. */
  insert(element) {
    const stored = this.stored;
    const index = placeOf(seqOf(element), stored.map(seqOf));
    if (index < 0) return false;
    const next = stored[index] ?? this.#firstPending();
    this.#place(element, next);
    this.#regroup(element);
    return true;
  }

  /** Messages that are still on their way stand at the end. */
  append(element) {
    this.#place(element, null);
    this.#regroup(element);
  }

  remove(element) {
    const day = element.closest(".day");
    const next = this.#neighbour(element, 1);
    const divider = element.previousElementSibling;
    if (divider?.matches(".unread-divider") && !element.nextElementSibling) divider.remove();
    element.remove();
    if (!day.querySelector(MESSAGE)) day.remove();
    if (next) this.#regroup(next);
  }

  clear() {
    this.#root.replaceChildren();
  }

  /** Lets go of stored messages, from the side that is named, until `limit` are left. Did any go? */
  trim(limit, side) {
    const { stored } = this;
    const surplus = Math.max(stored.length - limit, 0);
    if (surplus === 0) return false;
    const isFromStart = side === "oldest";
    // What is still on its way stands behind the newest, and cannot without it.
    const waiting = isFromStart ? [] : this.messages.filter((one) => !one.dataset.seq);
    const gone = isFromStart ? stored.slice(0, surplus) : stored.slice(-surplus);
    for (const element of [...gone, ...waiting]) drop(element);
    if (isFromStart) this.#regroup(this.messages[0]);
    return true;
  }

  #firstPending() {
    return this.messages.find((one) => !one.hasAttribute("data-seq"));
  }

  #place(element, next) {
    const day = moments.dayKey(new Date(element.dataset.createdAt));
    if (next && dayOf(next) === day) {
      next.before(element);
      return;
    }
    const before = next ? this.#neighbour(next, -1) : this.messages.at(-1);
    const list = before && dayOf(before) === day ? before.parentElement : this.#open(day, element, next);
    list.append(element);
  }

  #open(key, element, next) {
    const day = clone("day-template");
    day.dataset.day = key;
    const label = field(day, "label");
    label.dateTime = key;
    label.textContent = moments.dayLabel(new Date(element.dataset.createdAt));
    const following = next?.closest(".day");
    if (following) following.before(day);
    else this.#root.append(day);
    return field(day, "messages");
  }

  #regroup(element) {
    const next = this.#neighbour(element, 1);
    for (const one of [element, next]) {
      if (!one?.matches(".message")) continue;
      const before = this.#neighbour(one, -1);
      const isFirst = !before || dayOf(before) !== dayOf(one) || !continues(before, one);
      mark(one, "startsGroup", isFirst);
    }
  }

  #neighbour(element, step) {
    const side = step > 0 ? "nextElementSibling" : "previousElementSibling";
    const end = step > 0 ? "firstElementChild" : "lastElementChild";
    const near = nearest(element[side], side);
    const day = element.closest(".day")[side];
    return near ?? (day && nearest(field(day, "messages")[end], side));
  }
}

/** The first message from here on; between them stands the divider. */
function nearest(element, side) {
  let one = element;
  while (one && !one.matches(MESSAGE)) one = one[side];
  return one;
}

function drop(element) {
  const day = element.closest(".day");
  const before = element.previousElementSibling;
  if (before?.matches(".unread-divider")) before.remove();
  element.remove();
  if (!day.querySelector(MESSAGE)) day.remove();
}

export function seqOf(element) {
  return element ? Number(element.dataset.seq) : 0;
}

function dayOf(element) {
  return element.closest(".day").dataset.day;
}

function continues(before, element) {
  if (element.previousElementSibling?.matches(".unread-divider")) return false;
  return continuesGroup(facts(before), facts(element));
}

function facts(element) {
  return {
    senderId: Number(element.dataset.senderId),
    isSystem: element.matches(".system-line"),
    createdAt: Date.parse(element.dataset.createdAt),
  };
}
