"""Somebody with many conversations, the first as long as all others, and a second person with few."""

from __future__ import annotations

from typing import Any

from bench.scenes.conversations import directs
from bench.scenes.history import settle_statistics, write_history
from bench.scenes.people import people, tokens


def make(*, many: int, few: int, messages: int) -> dict[str, Any]:
    reader, other, *writers = people(2 + many)
    conversations = directs((reader, writer) for writer in writers)
    short = max(1, messages // (2 * many))
    long = messages - short * (many - 1)
    write_history(conversations[:1], messages=long)
    write_history(conversations[1:], messages=short)
    write_history(directs((other, writer) for writer in writers[:few]), messages=1)
    settle_statistics()
    keys = tokens([reader, other])
    return {"reader": keys[0], "other": keys[1], "conversation": conversations[0].pk, "long": long}
