/** How much of each conversation is known without a hole: everything up to the version held. */
export class VersionTracker {
  /** @type {Map<number, number>} */
  #held = new Map();
  /** @type {Map<number, Set<number>>} */
  #ahead = new Map();

  /** @param {Record<string, number>} versions by the ids of conversations, as `sync` takes them */
  constructor(versions = {}) {
    for (const [id, version] of Object.entries(versions)) this.#held.set(Number(id), version);
  }

  /**
   * An event came: "known" already, the "next" one, behind a "gap", or of an "unknown" conversation.
   *
   * @param {number} id
   * @param {number} version
   * @returns {"known" | "next" | "gap" | "unknown"}
   */
  note(id, version) {
    const held = this.#held.get(id);
    if (held === undefined) return "unknown";
    if (version <= held) return "known";
    this.#aheadOf(id).add(version);
    this.#absorb(id);
    return this.#held.get(id) >= version ? "next" : "gap";
  }

  /**
   * An answer to `sync` is complete up to this version.
   *
   * @param {number} id
   * @param {number} version
   */
  settle(id, version) {
    this.#held.set(id, version);
    this.#absorb(id);
  }

  /** Ask for the conversation again, although no event is missing. */
  rewind(id) {
    const held = this.#held.get(id);
    if (held > 0) this.#held.set(id, held - 1);
    else this.#held.delete(id);
  }

  /** No more than this is known after all. Was it more? */
  rewindTo(id, version) {
    const isLess = version < (this.#held.get(id) ?? version);
    if (isLess) this.#held.set(id, version);
    return isLess;
  }

  forget(id) {
    this.#held.delete(id);
    this.#ahead.delete(id);
  }

  get hasGaps() {
    return [...this.#ahead.values()].some((versions) => versions.size > 0);
  }

  versionOf(id) {
    return this.#held.get(id) ?? 0;
  }

  /** What `sync` asks with. */
  versions() {
    return Object.fromEntries(this.#held);
  }

  get size() {
    return this.#held.size;
  }

  #aheadOf(id) {
    if (!this.#ahead.has(id)) this.#ahead.set(id, new Set());
    return this.#ahead.get(id);
  }

  #absorb(id) {
    const ahead = this.#aheadOf(id);
    let held = this.#held.get(id);
    while (ahead.delete(held + 1)) held += 1;
    for (const version of ahead) if (version <= held) ahead.delete(version);
    this.#held.set(id, held);
  }
}
