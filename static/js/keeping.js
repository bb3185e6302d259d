import { socket } from "./app.js";

/** How I keep a conversation: `pinned`, `archived`, `mute`. My devices, this one included, hear of it by an event. */
export function keep(conversationId, changes) {
  return socket.request("setPreferences", { conversationId, ...changes });
}

/** All of it; the receipt, too, comes back as an event. */
export function markAllRead(conversationId) {
  return socket.request("markMessagesAsRead", { conversationId });
}
