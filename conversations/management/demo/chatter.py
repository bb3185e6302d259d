"""Groups in which people say much the same each day, in ever other words."""

import random
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

WEEKEND = 5  # Saturday, as datetime.weekday() counts

Phrases = dict[str, list[str]]
# As in the .toml files: [speaker, text] or [speaker, text, marks].
Lines = list[list[Any]]


class Writer(NamedTuple):
    at: str
    lines: Callable[[random.Random, Phrases, Sequence[str]], Lines]


def standup(dice: random.Random, phrases: Phrases, members: Sequence[str]) -> Lines:
    """Most of them tell in a line or two what they did and do; sometimes somebody answers."""
    speakers = dice.sample(members, k=dice.randint(len(members) - 2, len(members)))
    things = dice.sample(phrases["things"], k=2 * len(speakers))
    lines: Lines = []
    for speaker in speakers:
        did = dice.choice(phrases["done"]) % things.pop()
        does = dice.choice(phrases["next"]) % things.pop()
        parts = [
            dice.choice(phrases["opening"]),
            f"Yesterday I {did}. Today: {does}.",
            dice.choice(phrases["trouble"]),
        ]
        lines.append([speaker, " ".join(part for part in parts if part)])
    if dice.random() < 0.5:
        lines.append([speakers[0], dice.choice(phrases["reactions"]), {"reply_to": len(lines)}])
    return lines


def lunch(dice: random.Random, phrases: Phrases, members: Sequence[str]) -> Lines:
    """Somebody asks, the others come along or do not."""
    asker, *others = dice.sample(members, k=len(members))
    lines: Lines = [[asker, dice.choice(phrases["question"])]]
    place = dice.choice(phrases["places"])
    lines.append([others[0], f"{place[0].upper()}{place[1:]}?"])
    for other in others[1:]:
        answers = phrases["yes"] if dice.random() < 0.7 else phrases["no"]
        lines.append([other, dice.choice(answers)])
    lines.append([asker, dice.choice(["OK!", "See you downstairs", "On my way", "👌"])])
    if dice.random() < 0.4:
        lines.append([others[0], dice.choice(phrases["after"])])
    return lines


WRITERS = {"standup": Writer("08:05", standup), "lunch": Writer("11:25", lunch)}
