/** What a browser's localStorage does, in memory. */
export class MemoryStorage {
  #items = new Map();

  get length() {
    return this.#items.size;
  }

  key(index) {
    return [...this.#items.keys()][index] ?? null;
  }

  getItem(key) {
    return this.#items.get(key) ?? null;
  }

  setItem(key, value) {
    this.#items.set(key, String(value));
  }

  removeItem(key) {
    this.#items.delete(key);
  }
}

/** A table of lib/database.js, in memory. */
export class MemoryTable {
  rows = new Map();
  #key;

  constructor(key) {
    this.#key = key;
  }

  async all() {
    return [...this.rows.values()];
  }

  async put(row) {
    this.rows.set(row[this.#key], row);
  }

  async delete(key) {
    this.rows.delete(key);
  }
}

/** What navigator.locks does: whoever asks waits for those who asked before. */
export class MemoryLocks {
  #last = new Map();

  request(name, work) {
    const turn = (this.#last.get(name) ?? Promise.resolve()).catch(() => {}).then(work);
    this.#last.set(name, turn);
    return turn;
  }
}
