/** What the viewer may do with a message, as conversations/policies.py decides it; the server has the last word. */
export function rightsOf(message, { isMember, canPost, editWindow, now = Date.now() }) {
  const isThere = message.isStored && !message.isDeleted;
  const isOwn = isThere && isMember && message.isOwn;
  return {
    reply: isThere && canPost,
    copy: !message.isDeleted,
    edit: isOwn && now - Date.parse(message.createdAt) <= editWindow * 1000,
    info: isOwn,
    delete: message.isStored,
    deleteForEveryone: isOwn,
  };
}
