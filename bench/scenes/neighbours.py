"""Everybody has the same number of conversations, each with some messages, one of them with a page full."""

from __future__ import annotations

from typing import Any

from bench.scenes.conversations import directs
from bench.scenes.history import settle_statistics, write_history
from bench.scenes.people import people, tokens


def make(*, count: int, conversations: int, messages: int) -> list[dict[str, Any]]:
    everybody = people(count)
    following = [everybody[number:] + everybody[:number] for number in range(count)]
    full = directs(zip(everybody, following[1], strict=True))
    write_history(full, messages=messages)
    for distance in range(2, conversations // 2 + 1):
        others = directs(zip(everybody, following[distance], strict=True))
        write_history(others, messages=3)
    settle_statistics()
    places = zip(full, tokens(everybody), strict=True)
    return [{"conversation": each.pk, "token": token} for each, token in places]
