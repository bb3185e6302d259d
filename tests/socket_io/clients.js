// People at a running site, each by a way of their own. SITE, in the environment, says where and who they are.

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { io as connect } from "socket.io-client";
import WebSocket from "ws";

export const site = JSON.parse(process.env.SITE);
const PATIENCE = 20000;

const snippet = (name) => readFileSync(new URL(name, import.meta.url), "utf8");

/** Runs what the document of old says, as it stands there. Address and token are the reader's, as it intends. */
export function runSnippets(options, ...names) {
  const io = (_address, { auth }) => dial({ ...options, auth: { ...auth, token: site.alice.token } });
  return new Function("io", `${names.map(snippet).join("\n")}\nreturn socket;`)(io);
}

/** What docs/api.md shows: it writes where it may not, and so is told why. */
export function runExample() {
  const page = readFileSync(new URL("../../docs/api.md", import.meta.url), "utf8");
  const [, example] = page.match(/^```js\n(.*?)^```$/ms);
  const io = (_address, options) => dial(options);
  return new Promise((told) => {
    const run = new Function("io", "token", "show", "tell", `${example}\nreturn socket;`);
    const socket = run(io, site.alice.token, () => {}, (detail) => told([socket, detail]));
  });
}

export function dial({ server = 0, ...options }) {
  const socket = connect(site.urls[server], { forceNew: true, reconnectionDelay: 50, ...options });
  socket.heard = [];
  socket.onAny((event, data) => socket.heard.push([event, data]));
  return socket;
}

/** The first event of this name, whether it came already or is on its way, that is what we want. */
export async function hears(socket, event, wanted = () => true) {
  const found = () => socket.heard.find(([name, data]) => name === event && wanted(data));
  const signal = AbortSignal.timeout(PATIENCE);
  while (!found()) {
    await once(socket.io ? anyOf(socket) : socket, "anything", { signal });
  }
  return found()[1];
}

function anyOf(socket) {
  const target = new EventTarget();
  socket.onAny(() => target.dispatchEvent(new Event("anything")));
  return target;
}

/** Our own socket, as the product speaks it. */
export async function nativeSocket({ server = 0, token }) {
  const address = `${site.urls[server].replace("http", "ws")}/ws/chat/`;
  const socket = new WebSocket(address, { headers: { Authorization: `Bearer ${token}` } });
  socket.heard = [];
  socket.on("message", (text) => {
    const { event, data } = JSON.parse(text);
    socket.heard.push([event, data]);
    socket.emit("anything");
  });
  socket.say = (event, data) => socket.send(JSON.stringify({ event, data }));
  await hears(socket, "connected");
  return socket;
}

export async function rest(method, path, body, { server = 0, token = site.bob.token } = {}) {
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const answer = await fetch(site.urls[server] + path, {
    method,
    headers,
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** What the document of old names, as it stands there: methods and paths. */
export function endpoints() {
  const lines = snippet("endpoints.txt").split("\n");
  return lines.filter((line) => /^[A-Z]+ \//.test(line)).map((line) => line.split(" "));
}
