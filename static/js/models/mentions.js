/** Does a message mean this person, by name behind an @, or by answering them? As conversations/services/mentions.py does it. */
export function mentions({ content, replyTo }, { id, name }) {
  if (replyTo?.senderId === id) return true;
  const named = new RegExp(String.raw`@${escaped(name)}(?![\p{L}\p{N}_])`, "iu");
  return content.includes("@") && named.test(content);
}

/** The name that is being written behind an @ at this place of a text: {start, search}, or null. */
export function mentionAt(text, place) {
  const found = /(?:^|[\s(])@([^\n@]{0,40})$/u.exec(text.slice(0, place));
  return found && { start: place - found[1].length - 1, search: found[1] };
}

/** Of these people, those with a name of which a word begins so; whose whole name does come first. */
export function matching(people, search, limit = 30) {
  const wanted = folded(search);
  const begins = ({ name }) => folded(name).startsWith(wanted);
  const found = people.filter(
    (person) => begins(person) || folded(person.name).split(/\s+/).some((word) => word.startsWith(wanted)),
  );
  return found.sort((one, other) => Number(begins(other)) - Number(begins(one))).slice(0, limit);
}

function folded(text) {
  return text.toLocaleLowerCase();
}

function escaped(text) {
  return text.replace(/[\^$.*+?()[\]{}|/-]/g, (sign) => (sign === "-" ? "\\x2d" : `\\${sign}`));
}
