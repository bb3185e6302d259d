import { reconnectDelay } from "./models/backoff.js";

/**
 * For whoever writes a client in TypeScript, too: this file and models/ know no page, and work as they are in any
 * browser, or under Node.js with its WebSocket. docs/contracts/parley.d.ts has the types of all that is said; they are
 * not imported here, since what looks like an import is one to whoever hashes the names of files.
 *
 * @typedef {Parley.Commands} Commands
 * @typedef {Parley.Answers} Answers
 * @typedef {Parley.Error} ErrorData
 * @typedef {"connecting" | "connected" | "waiting" | "stopped"} State
 */

const ANSWER_TIME = 10_000;
const PROBE_TIME = 5_000;
const CLOSE = { signIn: 4401, stopped: 4403, tooFast: 4429 };
// Whoever was too fast comes back as if several attempts had failed.
const CALMER_ATTEMPT = 4;

/** There was no answer; whether the server did it is unknown. */
export class ConnectionLost extends Error {}

/** The server answered with an error: `code` for programs, the message for people. */
export class Refused extends Error {
  /** @param {ErrorData} data */
  constructor({ errors, retryAfter }) {
    super(errors[0].detail);
    this.code = errors[0].code;
    /** @type {number | null} In seconds; null: it would be refused again. */
    this.retryAfter = retryAfter ?? null;
  }
}

/**
 * One connection, kept alive. Dispatches each event of the server under its own name, with its data as
 * `detail`, and once more as `event` {event, data}; and `state` when the connection changes: "connecting",
 * "connected", "waiting", "stopped".
 */
export class ChatSocket extends EventTarget {
  /** @type {State} */
  state = "connecting";
  #url;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {Map<string, { resolve: (data: any) => void, reject: (error: Error) => void, timer: any }>} */
  #answers = new Map();
  #lastId = 0;
  #attempt = 0;
  /** @type {any} */
  #timer = null;

  /** @param {string} url as in wss://chat.example/ws/chat/ */
  constructor(url) {
    super();
    this.#url = url;
  }

  get isConnected() {
    return this.state === "connected";
  }

  /** Again and again until `leave`, or until the server says that it is over. */
  connect() {
    if (this.state === "stopped" || this.#socket) return;
    clearTimeout(this.#timer);
    this.#become("connecting");
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    const isCurrent = () => this.#socket === socket;
    socket.addEventListener("message", ({ data }) => isCurrent() && this.#receive(JSON.parse(data)));
    socket.addEventListener("close", ({ code }) => isCurrent() && this.#closed(code));
    // A server that accepts and says nothing is as gone as one that refuses.
    this.#timer = setTimeout(() => isCurrent() && !this.isConnected && this.#drop(), ANSWER_TIME);
  }

  /**
   * Resolves with the data of the answer; rejects with Refused or ConnectionLost.
   *
   * @template {keyof Commands} Name
   * @param {Name} event
   * @param {Partial<Commands[Name]>} data
   * @returns {Promise<Answers[Name]>}
   */
  request(event, data = {}, { time = ANSWER_TIME } = {}) {
    if (!this.isConnected) return Promise.reject(new ConnectionLost());
    const id = `c${(this.#lastId += 1)}`;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#drop(), time);
      this.#answers.set(id, { resolve, reject, timer });
      this.#socket.send(JSON.stringify({ event, id, data }));
    });
  }

  /**
   * For what has no answer and may be lost.
   *
   * @template {keyof Commands} Name
   * @param {Name} event
   * @param {Commands[Name]} data
   */
  tell(event, data) {
    if (this.isConnected) this.#socket.send(JSON.stringify({ event, data }));
  }

  /** This page is being left: what becomes of the connection is nobody's business any more. */
  leave() {
    const socket = this.#socket;
    this.#socket = null;
    this.state = "stopped";
    clearTimeout(this.#timer);
    this.#abandonRequests();
    socket?.close();
  }

  /** The network changed, or the page was asleep: is anybody still there? */
  async check() {
    if (this.state === "waiting") this.connect();
    if (!this.isConnected) return;
    try {
      await this.request("getOnlineStatus", { userIds: [] }, { time: PROBE_TIME });
    } catch (error) {
      if (!(error instanceof ConnectionLost || error instanceof Refused)) throw error;
    }
  }

  /** @param {any} frame */
  #receive({ event, id, data }) {
    if (event === "connected") this.#connected();
    if (id !== undefined && this.#settle(id, event, data)) return;
    this.dispatchEvent(new CustomEvent("event", { detail: { event, data } }));
    this.replay(event, data);
  }

  /**
   * As if it came now.
   *
   * @param {string} event
   * @param {any} data
   */
  replay(event, data) {
    this.dispatchEvent(new CustomEvent(event, { detail: data }));
  }

  #connected() {
    clearTimeout(this.#timer);
    this.#attempt = 0;
    this.#become("connected");
  }

  /** @param {string} id @param {string} event @param {any} data */
  #settle(id, event, data) {
    const answer = this.#answers.get(id);
    if (!answer) return false;
    this.#answers.delete(id);
    clearTimeout(answer.timer);
    if (event === "error") answer.reject(new Refused(data));
    else answer.resolve(data);
    return true;
  }

  /** Nobody answers: do not wait for the network to notice. */
  #drop() {
    this.#socket?.close();
    this.#closed(null);
  }

  /** @param {number | null} code */
  #closed(code) {
    this.#socket = null;
    clearTimeout(this.#timer);
    this.#abandonRequests();
    if (code === CLOSE.stopped || code === CLOSE.signIn) {
      this.#become("stopped");
      return;
    }
    if (code === CLOSE.tooFast) this.#attempt = Math.max(this.#attempt, CALMER_ATTEMPT);
    this.#become("waiting");
    this.#timer = setTimeout(() => this.connect(), reconnectDelay(this.#attempt));
    this.#attempt += 1;
  }

  #abandonRequests() {
    const answers = [...this.#answers.values()];
    this.#answers.clear();
    for (const { reject, timer } of answers) {
      clearTimeout(timer);
      reject(new ConnectionLost());
    }
  }

  /** @param {State} state */
  #become(state) {
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: { state } }));
  }
}
