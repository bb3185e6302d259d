import { book, socket } from "./app.js";
import { kept } from "./kept-pages.js";
import { keepPaneOf } from "./pane.js";

// Nobody waits for it.
const PATIENCE = 5_000;
const MOST = 10;

/** The last conversations open without a network, though nobody has opened them on this device yet. */
export function keepLastConversations() {
  if (!navigator.connection?.saveData) setTimeout(keepMissing, PATIENCE);
}

async function keepMissing() {
  for (const { id } of book.sorted().slice(0, MOST)) {
    const url = new URL(`/c/${id}`, location.href).href;
    if (!socket.isConnected) return;
    if (!(await kept(url))) await keepPaneOf(url);
  }
}
