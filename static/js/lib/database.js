import { openDB } from "../../vendor/idb/index.js";

/** A table on the disk of this browser. Each row holds its key. */
export class Table {
  #database;
  #name;

  constructor(database, name) {
    this.#database = database;
    this.#name = name;
  }

  async all() {
    return (await this.#database).getAll(this.#name);
  }

  async put(row) {
    await (await this.#database).put(this.#name, row);
  }

  async delete(key) {
    await (await this.#database).delete(this.#name, key);
  }
}

/** `tables` names each with its key and what it is sorted by: {outbox: {key: "clientId"}}. It closes when somebody wants it gone. */
export function openDatabase(name, tables) {
  return openDB(name, 1, {
    upgrade(database) {
      for (const [table, { key, indexes = [] }] of Object.entries(tables)) {
        const store = database.createObjectStore(table, { keyPath: key });
        for (const index of indexes) store.createIndex(index, index);
      }
    },
    blocking: (_version, _wanted, { target }) => target.close(),
  });
}
