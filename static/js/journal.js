import { soon } from "./lib/throttle.js";
import { continuation } from "./models/continuation.js";

const PATIENCE = 300;
const MOST = 3_000;
const ENOUGH = 2_000;

/**
 * The events that came since the pages were kept, so that without a network they show what was there last:
 * they are told again, as if they came now.
 */
export class Journal {
  #database;
  #socket;
  #catchUp;
  #unwritten = [];

  constructor({ database, socket, sender, catchUp }) {
    this.#database = database;
    this.#socket = socket;
    this.#catchUp = catchUp;
    this.writeSoon = soon(() => this.#write(), PATIENCE);
    socket.addEventListener("event", ({ detail }) => this.#noteEvent(detail));
    sender.addEventListener("sent", ({ detail }) => this.#note("newMessage", detail.message));
    catchUp.addEventListener("answer", ({ detail }) => this.#note("changes", detail.changes, detail.since));
    socket.addEventListener("state", ({ detail }) => detail.state === "waiting" && this.replay());
    document.addEventListener("pane:opened", () => !socket.isConnected && this.replay());
  }

  /** Whatever continues what this page knows. */
  async replay() {
    await this.#write();
    const rows = await (await this.#database).getAll("events");
    if (this.#socket.isConnected) return;
    for (const [conversationId, own] of Map.groupBy(rows, (row) => row.conversationId)) {
      for (const row of continuation(own, this.#catchUp.versionOf(conversationId))) this.#tell(row);
    }
  }

  #tell({ name, data }) {
    if (name === "changes") this.#catchUp.take(data);
    else this.#socket.replay(name, data);
  }

  #noteEvent({ event, data }) {
    this.#note(event, data);
  }

  #note(name, data, since = null) {
    const conversationId = data.conversationId ?? data.conversation?.id;
    const version = data.version ?? data.conversation?.version;
    if (!conversationId || !version) return;
    this.#unwritten.push({ conversationId, version, name, since, data, at: Date.now() });
    this.writeSoon();
  }

  async #write() {
    const rows = this.#unwritten;
    this.#unwritten = [];
    // Once the device is signed out, nothing may be kept any more.
    if (rows.length === 0 || this.#socket.state === "stopped") return;
    const { store, done } = (await this.#database).transaction("events", "readwrite");
    for (const row of rows) store.put(row);
    if ((await store.count()) > MOST) await shorten(store);
    await done;
  }
}

/** What came first goes first. */
async function shorten(store) {
  const keys = await store.index("at").getAllKeys();
  for (const key of keys.slice(0, -ENOUGH)) store.delete(key);
}
