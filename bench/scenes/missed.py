"""People who have been away while somebody wrote to them: for each number of messages, some people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bench.scenes.conversations import directs
from bench.scenes.history import settle_statistics, write_history
from bench.scenes.people import people, tokens


def make(*, counts: Sequence[int], people_each: int) -> list[list[dict[str, Any]]]:
    made = []
    for count in counts:
        writer, *readers = people(1 + people_each)
        conversations = directs((writer, reader) for reader in readers)
        write_history(conversations, messages=count)
        pairs = zip(conversations, tokens(readers), strict=True)
        made.append([{"conversation": each.pk, "token": token} for each, token in pairs])
    settle_statistics()
    return made
