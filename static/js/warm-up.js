import { book, socket } from "./app.js";
import { kept } from "./kept-pages.js";
import { keepPaneOf } from "./pane.js";

// Nobody waits for it.
const PATIENCE = 5_000;
const MOST = 10;

/** What somebody deleted for themselves is not to be read in a copy either. */
export function renewCopies() {
  socket.addEventListener("messageDeletedForMe", async ({ detail }) => {
    const url = addressOf(detail.conversationId);
    if (await kept(url)) await keepPaneOf(url);
  });
}

/** The last conversations open without a network, though nobody has opened them on this device yet. */
export function keepLastConversations() {
  if (!navigator.connection?.saveData) setTimeout(keepMissing, PATIENCE);
}

async function keepMissing() {
  for (const { id } of book.sorted().slice(0, MOST)) {
    const url = addressOf(id);
    if (!socket.isConnected) return;
    if (!(await kept(url))) await keepPaneOf(url);
  }
}

function addressOf(conversationId) {
  return new URL(`/c/${conversationId}`, location.href).href;
}
