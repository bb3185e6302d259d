/** The other end of a WebSocket, played by the test. */

export class FakeWebSocket extends EventTarget {
  static opened = [];

  constructor(url) {
    super();
    this.url = url;
    this.sent = [];
    FakeWebSocket.opened.push(this);
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.isClosedByClient = true;
  }

  // --- What the test does as the server ---

  say(event, data = {}, id = undefined) {
    const text = JSON.stringify({ event, data, ...(id !== undefined && { id }) });
    this.dispatchEvent(new MessageEvent("message", { data: text }));
  }

  accept() {
    this.say("connected", { connectionId: "c", user: null, capabilities: {} });
  }

  drop(code = 1006) {
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }

  answerLast(event, data) {
    this.say(event, data, this.sent.at(-1).id);
  }

  refuseLast(code, { retryAfter = null, detail = code } = {}) {
    this.answerLast("error", { type: "client_error", errors: [{ code, detail, attr: null }], retryAfter });
  }
}

export function latest() {
  return FakeWebSocket.opened.at(-1);
}

/** Lets promises that are settled already run on. */
export async function settled() {
  for (let round = 0; round < 20; round += 1) await Promise.resolve();
}
