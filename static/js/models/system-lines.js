import { listing } from "../lib/sentences.js";

/** As conversations/system_lines.py does it. */
export function systemText(message, viewerId, say) {
  const line = message.system;
  const parts = [line.event];
  if (line.event === "roleChanged") parts.push(line.role);
  if (line.whoMayPost) parts.push(line.whoMayPost);
  if (message.senderId === viewerId) parts.push("own");
  const names = line.names.map((name, index) =>
    line.userIds[index] === viewerId ? say("names.you") : name,
  );
  return say(parts.join("."), {
    actor: message.sender.displayName,
    names: listing(names, say),
    title: line.title ?? "",
  });
}
