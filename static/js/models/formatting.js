/** As conversations/formatting.py does it, pattern by pattern; tests/formatting.json holds both to it. */

const TAGS = { "*": "strong", _: "em", "~": "del" };
const SPACE = String.raw` \t\n\r\f\v\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff`;
const INVISIBLE = String.raw`\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069`;
const LETTER = String.raw`[\p{L}\p{N}]`;

// \x60 is the grave accent, which would end these strings.
const BLOCK = String.raw`\x60{3}(?:[ \t]*\n)?(?<pre>[^]+?)\n?\x60{3}\n?`;
const CODE = String.raw`(?<!\x60)\x60(?<code>[^\x60\n]+)\x60(?!\x60)`;
const LINK =
  String.raw`(?<!${LETTER})(?<a>[Hh][Tt][Tt][Pp][Ss]:\/\/${LETTER}(?:${LETTER}|[.\-])*(?::[0-9]{1,5})?` +
  String.raw`(?:[\/?#][^${SPACE}${INVISIBLE}<>"\x60\{\}\|\\\^]*)?)`;
const MARKED = Object.entries(TAGS)
  .map(
    ([mark, tag]) =>
      String.raw`(?<![*_~\x60])(?<!${LETTER})[${mark}]` +
      String.raw`(?<${tag}>[^${SPACE}${mark}](?:[^\n${mark}]*[^${SPACE}${mark}])?)` +
      String.raw`[${mark}](?![*_~\x60])(?!${LETTER})`,
  )
  .join("|");
const INLINE = new RegExp(`${CODE}|${LINK}|${MARKED}`, "gu");
const ANYTHING = new RegExp(`${BLOCK}|${INLINE.source}`, "gu");
const VISIBLE = new RegExp(`[^${SPACE}]`, "u");

const TRAILING = ".,:;!?'*_~»”’…";
const BRACKETS = { ")": "(", "]": "[" };

const PICTURE =
  String.raw`[\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934\u2935` +
  String.raw`\u2b05-\u2b55\u3030\u303d\u3297\u3299\u{1f004}\u{1f0cf}\u{1f170}-\u{1f251}\u{1f300}-\u{1faff}]` +
  String.raw`\ufe0f?[\u{1f3fb}-\u{1f3ff}]?[\u{e0020}-\u{e007f}]*`;
const EMOJI = String.raw`(?:[\u{1f1e6}-\u{1f1ff}]{2}|[0-9#*]\ufe0f?\u20e3|${PICTURE}(?:\u200d${PICTURE})*)`;
const EMOJI_ONLY = new RegExp(`^(?:${EMOJI}[${SPACE}]*){1,3}$`, "u");

const LONG_TEXT = 1_200;
const LONG_LINES = 24;

/** Each part is a text, or an array of the tag's name and what stands in it. */
export function partsOf(text) {
  return [...parts(text, ANYTHING)];
}

export function isEmojiOnly(text) {
  return EMOJI_ONLY.test(text);
}

export function isLong(text) {
  return [...text].length > LONG_TEXT || text.split("\n").length > LONG_LINES;
}

/** Does the markup still tell what was typed? */
export function isTelling(part) {
  return typeof part === "string" || part[0] === "a";
}

function* parts(text, pattern) {
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    const [tag, found] = Object.entries(match.groups).find(([, group]) => group !== undefined);
    const inner = tag === "a" ? address(found) : found;
    if (!VISIBLE.test(inner)) continue;
    if (match.index > end) yield text.slice(end, match.index);
    yield Object.values(TAGS).includes(tag) ? [tag, ...parts(inner, INLINE)] : [tag, inner];
    end = match.index + (tag === "a" ? inner : match[0]).length;
  }
  if (end < text.length) yield text.slice(end);
}

function address(found) {
  const unopened = Object.fromEntries(
    Object.entries(BRACKETS).map(([close, open]) => [close, count(found, close) - count(found, open)]),
  );
  let end = found.length;
  while (TRAILING.includes(found[end - 1]) || unopened[found[end - 1]]-- > 0) end -= 1;
  return found.slice(0, end);
}

function count(text, sign) {
  return text.split(sign).length;
}
