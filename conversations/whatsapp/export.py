"""The text of an export, line by line: who said what, when. Knows no database."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

from chatproject.errors import Invalid
from conversations.whatsapp.dates import Numbers, date_of, order_of

# Marks of direction stand before whatever was not typed; the spaces before "PM" are narrow and unbreakable.
MARKS = str.maketrans(
    "", "", "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)
SPACES = str.maketrans({"\u202f": " ", "\u00a0": " ", "\u2009": " "})
# [31.12.23, 21:41:05] Alice: …    or    12/31/23, 9:41 PM - Alice: …
HEADER = re.compile(
    r"""
    ^(?P<bracket>\[)?
    (?P<date>\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{1,4})\.?
    (?:[,،]|\s(?:um|at|à|kl\.?|klo))?\s+
    (?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?
    (?:\s?(?P<half>[ap]\.?\s?m\.?|[صم]))?
    (?(bracket)\]|\s+[-–])\s
    (?P<rest>.*)$
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
AFTERNOON = ("p", "م")
# A line without a sender, such as: Alice changed the subject to “Plan: B”
NO_NAME = re.compile(r'[“”"„«»]')
MAX_NAME = 60
DELETED = (
    "this message was deleted", "you deleted this message", "diese nachricht wurde gelöscht",
    "du hast diese nachricht gelöscht", "تم حذف هذه الرسالة", "حذفت هذه الرسالة",
)  # fmt: skip
FILE = re.compile(r"^<(attached|angehängt|مرفق): |\((file attached|Datei angehängt|ملف مرفق)\)$")
OMITTED = re.compile(r"^<[^<>]{5,40}>$|^\S+( card)? (omitted|weggelassen)$", re.IGNORECASE)


@dataclass
class Entry:
    numbers: Numbers
    time: time
    # Empty: a line of the system.
    name: str
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()

    @property
    def is_deleted(self) -> bool:
        return self.text.rstrip(".").lower() in DELETED

    @property
    def is_file(self) -> bool:
        return bool(FILE.search(self.text) or OMITTED.match(self.text))


@dataclass(frozen=True)
class Export:
    entries: list[Entry]
    order: str
    zone: ZoneInfo

    def moment(self, entry: Entry) -> datetime:
        return datetime.combine(date_of(entry.numbers, self.order), entry.time, self.zone)

    @property
    def names(self) -> list[str]:
        """In the order in which they first said something."""
        return list(dict.fromkeys(entry.name for entry in self.entries if entry.name))


def read_export(path: Path, *, zone: ZoneInfo, order: str | None = None) -> Export:
    with open_text(path) as file:
        entries = list(entries_of(file))
    if not entries:
        raise Invalid("This is no chat that WhatsApp exported: no line begins with a date.")
    dates = [entry.numbers for entry in entries]
    return Export(entries, order or order_of(dates, has_dots=_has_dots(path)), zone)


def open_text(path: Path) -> IO[str]:
    """Of a ZIP the one text in it; the pictures beside it stay there."""
    if not zipfile.is_zipfile(path):
        return path.open(encoding="utf-8-sig", errors="replace")
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith(".txt")]
        chats = [name for name in names if Path(name).name == "_chat.txt"] or names
        if len(chats) != 1:
            raise Invalid("A ZIP of WhatsApp holds one text; this one has several, or none.")
        # Opened beyond the archive's end: the entry keeps the file open.
        return io.TextIOWrapper(archive.open(chats[0]), encoding="utf-8-sig", errors="replace")


def entries_of(lines: Iterable[str]) -> Iterator[Entry]:
    """A line that begins with no date belongs to the message before it."""
    current: Entry | None = None
    for line in lines:
        line = line.rstrip("\r\n")
        found = HEADER.match(line.translate(MARKS).translate(SPACES))
        if found is None:
            if current:
                current.lines.append(line.translate(MARKS))
            continue
        if current:
            yield current
        current = _entry(found, line)
    if current:
        yield current


def _entry(found: re.Match[str], line: str) -> Entry:
    name, text = _name_and_text(found["rest"], line)
    return Entry(_numbers(found["date"]), _time(found), name, [text])


def _name_and_text(rest: str, line: str) -> tuple[str, str]:
    name, colon, text = rest.partition(": ")
    if not colon and rest.endswith(":"):
        # An empty message, such as of a poll.
        name, colon = rest[:-1], ":"
    if not colon or len(name) > MAX_NAME or NO_NAME.search(name):
        return "", rest
    # iPhones write the system's lines as of somebody; a mark stands before what nobody typed.
    is_typed = not re.search(r": \u200e(?!<)", line) or OMITTED.match(text) or FILE.search(text)
    is_deleted = text.rstrip(".").lower() in DELETED
    return (name.lstrip("~ "), text) if is_typed or is_deleted else ("", text)


def _numbers(text: str) -> Numbers:
    first, second, third = (int(part) for part in re.split(r"[./-]\s?", text))
    return first, second, third


def _time(found: re.Match[str]) -> time:
    hour, half = int(found["hour"]), (found["half"] or "").lower()
    if half:
        hour = hour % 12 + (12 if half.startswith(AFTERNOON) else 0)
    return time(hour, int(found["minute"]), int(found["second"] or 0))


def _has_dots(path: Path) -> bool:
    with open_text(path) as file:
        return any(
            "." in found["date"]
            for line in file
            if (found := HEADER.match(line.translate(MARKS).translate(SPACES)))
        )
