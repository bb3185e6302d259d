/** Why nothing can be sent here, by the name of the sentence; as conversations/conversation_rows.py has it. */
export function closedReason(state) {
  if (state.canPost) return "";
  if (!state.isMember) return "composer.left";
  if (state.kind === "group") return "composer.admins";
  return state.peer?.isBlocked ? "composer.blocked" : "composer.closed";
}
