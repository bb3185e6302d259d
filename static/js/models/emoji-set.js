// What a font of two years ago can draw.
const NEWEST = 15;
// Skin tones and hair by themselves.
const COMPONENTS = 2;

/** The emoji of static/vendor/emoji, by group and by word. */
export class EmojiSet {
  #emoji;

  constructor(data) {
    this.#emoji = data.filter(({ group, version }) => group !== COMPONENTS && version <= NEWEST);
  }

  get groups() {
    return [...new Set(this.#emoji.map(({ group }) => group))].sort((one, other) => one - other);
  }

  in(group) {
    return this.#emoji.filter((emoji) => emoji.group === group);
  }

  /** Each word must begin one of the emoji's own; whose name begins with it stand first. */
  search(text) {
    const words = wordsOf(text);
    if (words.length === 0) return [];
    const found = this.#emoji.filter((emoji) => words.every((word) => hasWord(emoji, word)));
    const isNamed = ({ annotation }) => Number(!wordsOf(annotation).some((word) => word.startsWith(words[0])));
    return found.sort((one, other) => isNamed(one) - isNamed(other));
  }

  /** In the order given. */
  named(characters) {
    const known = new Map(this.#emoji.map((emoji) => [emoji.emoji, emoji]));
    return characters.map((character) => known.get(character)).filter(Boolean);
  }
}

/** What was chosen last stands first. */
export function noteRecent(recent, emoji, limit = 24) {
  return [emoji, ...recent.filter((one) => one !== emoji)].slice(0, limit);
}

function hasWord({ annotation, tags = [] }, word) {
  return [annotation, ...tags].some((name) => wordsOf(name).some((own) => own.startsWith(word)));
}

function wordsOf(text) {
  return text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}
