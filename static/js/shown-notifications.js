import { registered } from "./worker-registration.js";

/** What was read, here or elsewhere, is not shown by this device any longer. */
export function clearShownNotifications(socket) {
  socket.addEventListener("messagesRead", ({ detail }) => {
    if (detail.userId === Number(document.body.dataset.userId)) close(`conversation-${detail.conversationId}`);
  });
  socket.addEventListener("notificationsRead", ({ detail: { ids, conversationId } }) => {
    if (conversationId !== null) close(`conversation-${conversationId}`);
    for (const id of ids) close(`notification-${id}`);
    if (ids.length === 0 && conversationId === null) close();
  });
}

/** Those with a tag, or all. */
async function close(tag) {
  const worker = await registered;
  const shown = (await worker?.getNotifications?.(tag ? { tag } : {})) ?? [];
  for (const notification of shown) notification.close();
}
