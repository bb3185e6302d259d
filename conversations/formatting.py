"""What people write, as text with marks: *bold*, _italic_, ~struck~, `code`, ```blocks``` and https links.

static/js/models/formatting.js reads it the same way; tests/formatting.json holds both to it. A mark counts
only where no letter, digit or other mark touches it from outside, so that snake_case and 2*3*4 stay so.
Each pattern excludes its own mark, which keeps the time linear, whatever somebody sends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# A text, or ("strong", part, …), ("em", …), ("del", …), ("code", text), ("pre", text), ("a", address).
Part = str | tuple["Part", ...]

TAGS = {"*": "strong", "_": "em", "~": "del"}
# Named one by one, since programming languages differ in what they call a space.
SPACE = r" \t\n\r\f\v\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
# Nothing may turn an address around, or hide a part of it.
INVISIBLE = r"\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069"
LETTER = r"[^\W_]"

BLOCK = r"```(?:[ \t]*\n)?(?P<pre>[\s\S]+?)\n?```\n?"
CODE = r"(?<!`)`(?P<code>[^`\n]+)`(?!`)"
LINK = (
    rf"(?<!{LETTER})(?P<a>[Hh][Tt][Tt][Pp][Ss]://{LETTER}(?:{LETTER}|[.-])*(?::[0-9]{{1,5}})?"
    rf"(?:[/?#][^{SPACE}{INVISIBLE}<>\"`{{}}|\\^]*)?)"
)
MARKED = "|".join(
    rf"(?<![*_~`])(?<!{LETTER})[{mark}]"
    rf"(?P<{tag}>[^{SPACE}{mark}](?:[^\n{mark}]*[^{SPACE}{mark}])?)"
    rf"[{mark}](?![*_~`])(?!{LETTER})"
    for mark, tag in TAGS.items()
)
INLINE = re.compile(f"{CODE}|{LINK}|{MARKED}")
ANYTHING = re.compile(f"{BLOCK}|{INLINE.pattern}")
VISIBLE = re.compile(f"[^{SPACE}]")

# What ends a sentence does not belong to the address before it, nor a bracket that was opened before.
TRAILING = ".,:;!?'*_~»”’…"
BRACKETS = {")": "(", "]": "["}

_PICTURE = (
    r"[\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934\u2935"
    r"\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f004\U0001f0cf\U0001f170-\U0001f251\U0001f300-\U0001faff]"
    r"\ufe0f?[\U0001f3fb-\U0001f3ff]?[\U000e0020-\U000e007f]*"
)
_EMOJI = rf"(?:[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|{_PICTURE}(?:\u200d{_PICTURE})*)"
EMOJI_ONLY = re.compile(rf"(?:{_EMOJI}[{SPACE}]*){{1,3}}")

# More than a screen of a phone shows: "Read more".
LONG_TEXT = 1_200
LONG_LINES = 24


def parts_of(text: str) -> list[Part]:
    return list(_parts(text, ANYTHING))


def is_emoji_only(text: str) -> bool:
    """At most three: they are shown large."""
    return EMOJI_ONLY.fullmatch(text) is not None


def is_long(text: str) -> bool:
    return len(text) > LONG_TEXT or text.count("\n") >= LONG_LINES


def has_marks(text: str) -> bool:
    """Then the markup does not tell any more what was typed."""
    return any(isinstance(part, tuple) and part[0] != "a" for part in parts_of(text))


def _parts(text: str, pattern: re.Pattern[str]) -> Iterator[Part]:
    end = 0
    for match in pattern.finditer(text):
        tag = match.lastgroup or ""
        inner = _address(match[tag]) if tag == "a" else match[tag]
        if not VISIBLE.search(inner):
            continue
        if match.start() > end:
            yield text[end : match.start()]
        yield (tag, *_parts(inner, INLINE)) if tag in TAGS.values() else (tag, inner)
        # What an address does not take is text again.
        end = match.start() + len(inner) if tag == "a" else match.end()
    if end < len(text):
        yield text[end:]


def _address(found: str) -> str:
    unopened = {
        close: found.count(close) - found.count(opening) for close, opening in BRACKETS.items()
    }
    end = len(found)
    while (last := found[end - 1]) in TRAILING or unopened.get(last, 0) > 0:
        if last in BRACKETS:
            unopened[last] -= 1
        end -= 1
    return found[:end]
