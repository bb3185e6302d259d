const NAMES_SHOWN = 12;

/** As conversations/conversation_rows.py says it. */
export function presenceText(person, say, moments) {
  if (!person.isActive) return say("status.deactivated");
  if (person.isBot) return say("status.bot");
  if (person.isOnline) return say("status.online");
  if (!person.lastSeenAt) return "";
  return say("status.lastSeen", { moment: moments.spoken(new Date(person.lastSeenAt)) });
}

export function membersText(names, say) {
  return names.slice(0, NAMES_SHOWN).join(say("names.separator"));
}
