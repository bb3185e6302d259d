import { ConnectionLost, Refused } from "./socket.js";
import { debounce, soon } from "./lib/throttle.js";

// Events may overtake each other; a hole that is not filled by then is asked for.
const GAP_PATIENCE = 300;
const RETRY_AFTER = 2_000;
const MAX_CONVERSATIONS = 1000;

/**
 * Asks for what was missed: on each connection, when the server says so, when a version was skipped.
 * Dispatches on the socket, as if they were events: `changes` for each conversation, `gone`, `ownReads`,
 * `messageDeletedForMe`, `ownPreferences`, and `caughtUp` when nothing is missing any more. Dispatches itself `answer` {changes, since} for
 * journal.js.
 */
export class CatchUp extends EventTarget {
  #socket;
  #tracker;
  #deletedForMeUpTo;
  #isRunning = false;
  #isDue = false;

  /** `deletedForMeUpTo` is the number that came with the page; null where none did. */
  constructor({ socket, tracker, deletedForMeUpTo = null }) {
    super();
    this.#socket = socket;
    this.#tracker = tracker;
    this.#deletedForMeUpTo = deletedForMeUpTo;
    this.runSoon = soon(() => this.run(), GAP_PATIENCE);
    this.fillGap = debounce(() => this.#tracker.hasGaps && this.run(), GAP_PATIENCE);
    socket.addEventListener("connected", () => this.run());
    socket.addEventListener("resync", () => this.run());
  }

  /** Notes the version of an event that came. */
  note(conversationId, version) {
    const verdict = this.#tracker.note(conversationId, version);
    if (verdict === "gap") this.fillGap();
    if (verdict === "unknown") this.runSoon();
  }

  /** The same for what was deleted for me, which has numbers of its own. */
  noteDeletedForMe(number) {
    if (number > this.#deletedForMeUpTo + 1) this.runSoon();
    else this.#deletedForMeUpTo = Math.max(this.#deletedForMeUpTo, number);
  }

  /** Asks for a conversation again, though nothing was skipped. */
  refresh(conversationId) {
    this.#tracker.rewind(conversationId);
    this.runSoon();
  }

  /** What is on the screen is older than what was noted: a kept page, or events were quicker than the page. */
  showsOnly(conversationId, version) {
    if (this.#tracker.rewindTo(conversationId, version)) this.runSoon();
  }

  async run() {
    this.#isDue = true;
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      while (this.#isDue) await this.#ask();
      this.#tell("caughtUp");
    } catch (error) {
      this.#postpone(error);
    } finally {
      this.#isRunning = false;
    }
  }

  async #ask() {
    this.#isDue = false;
    const answer = await this.#socket.request("sync", {
      conversations: this.#tracker.versions(),
      deletedForMeAfter: this.#deletedForMeUpTo,
    });
    for (const changes of answer.conversations) this.#answered(changes);
    for (const id of answer.gone) {
      this.#tracker.forget(id);
      this.#tell("gone", { conversationId: id });
    }
    this.#deletedForMeUpTo = answer.deletedForMeUpTo;
    for (const deleted of answer.deletedForMe) this.#tell("messageDeletedForMe", deleted);
    this.#tell("ownReads", answer.readSeqs);
    this.#tell("ownPreferences", answer.preferences);
    this.#isDue ||= answer.limited && this.#tracker.size < MAX_CONVERSATIONS;
  }

  #answered(changes) {
    const since = this.versionOf(changes.conversation.id);
    this.take(changes);
    this.dispatchEvent(new CustomEvent("answer", { detail: { changes, since } }));
  }

  versionOf(conversationId) {
    return this.#tracker.versionOf(conversationId);
  }

  take(changes) {
    this.#tracker.settle(changes.conversation.id, changes.version);
    this.#tell("changes", changes);
  }

  #postpone(error) {
    // A lost connection begins anew, and asks then.
    if (error instanceof ConnectionLost) return;
    if (!(error instanceof Refused)) throw error;
    setTimeout(() => this.run(), (error.retryAfter ?? 0) * 1000 || RETRY_AFTER);
  }

  #tell(type, detail = null) {
    this.#socket.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
