"""What the people of the demonstration say, as written in the .toml files beside this one."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from conversations.management.demo import chatter

HERE = Path(__file__).resolve().parent
ORGANIZATIONS = ("acme", "globex")
# The last line was said at least this long ago.
LATEST = timedelta(minutes=2)


@dataclass(frozen=True)
class Line:
    """Something said, or, with `deed`, something done to the group. `reply_to` counts from one."""

    speaker: str
    text: str = ""
    deed: dict[str, Any] = field(default_factory=dict)
    reply_to: int = 0
    was: str = ""
    deleted: bool = False


@dataclass(frozen=True)
class Talk:
    """Some lines in one go. Who is in `unseen_by` was offline, who is in `unread_by` did not look."""

    begins: datetime
    lines: Sequence[Line]
    unseen_by: Sequence[str] = ()
    unread_by: Sequence[str] = ()

    def timed_lines(self, dice: random.Random, now: datetime) -> Iterator[tuple[datetime, Line]]:
        """Longer lines take longer to type; whatever began in the past also ends there."""
        pauses = [
            timedelta(seconds=dice.uniform(4, 60) + len(line.text) / 8) for line in self.lines
        ]
        available = now - LATEST - self.begins
        shrink = min(1.0, available / sum(pauses, timedelta()))
        at = self.begins
        for line, pause in zip(self.lines, pauses, strict=True):
            yield at, line
            at += pause * shrink


@dataclass(frozen=True)
class ConversationScript:
    """`members[0]` began it. Without a title it is direct."""

    members: Sequence[str]
    title: str
    talks: Sequence[Talk]


@dataclass(frozen=True)
class OrganizationScript:
    """`people[0]` is its owner."""

    name: str
    slug: str
    people: Sequence[dict[str, Any]]
    conversations: Sequence[ConversationScript]


def read_scripts(now: datetime) -> list[OrganizationScript]:
    """The same for the same `now`: chance has a seed."""
    return [_read(name, now) for name in ORGANIZATIONS]


def _read(name: str, now: datetime) -> OrganizationScript:
    content = tomllib.loads((HERE / f"{name}.toml").read_text())
    dice = random.Random(name)
    return OrganizationScript(
        **content["organization"],
        people=content["people"],
        conversations=[
            ConversationScript(
                members=entry["between"] if "between" in entry else entry["members"],
                title=entry.get("title", ""),
                talks=_talks(entry, content, dice, now),
            )
            for entry in content["conversations"]
        ],
    )


def _talks(
    entry: dict[str, Any], content: dict[str, Any], dice: random.Random, now: datetime
) -> list[Talk]:
    if "chatter" in entry:
        phrases = content["chatter"][entry["chatter"]]
        write = chatter.WRITERS[entry["chatter"]]
        days = range(entry["chatter_days"], 0, -1)
        written = [
            {"days_ago": day, "at": write.at, "lines": write.lines(dice, phrases, entry["members"])}
            for day in days
            if (now - timedelta(days=day)).weekday() < chatter.WEEKEND
        ]
    else:
        written = entry["talks"]
    return [_talk(talk, now) for talk in written]


def _talk(talk: dict[str, Any], now: datetime) -> Talk:
    return Talk(
        begins=_beginning(talk, now),
        lines=[_line(*line) for line in talk["lines"]],
        unseen_by=talk.get("unseen_by", ()),
        unread_by=talk.get("unread_by", ()),
    )


def _beginning(talk: dict[str, Any], now: datetime) -> datetime:
    if "minutes_ago" in talk:
        return now - timedelta(minutes=talk["minutes_ago"])
    day = (now - timedelta(days=talk["days_ago"])).date()
    return datetime.combine(day, time.fromisoformat(talk["at"]), tzinfo=now.tzinfo)


def _line(speaker: str, said: str | dict[str, Any], marks: dict[str, Any] | None = None) -> Line:
    if isinstance(said, dict):
        return Line(speaker, deed=said)
    return Line(speaker, said, **(marks or {}))
