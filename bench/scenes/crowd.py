"""Many people, each of whom knows one other, and nobody says anything."""

from __future__ import annotations

from bench.scenes.conversations import directs
from bench.scenes.people import people, tokens


def make(*, count: int) -> list[str]:
    everybody = people(count)
    directs(zip(everybody[::2], everybody[1::2], strict=False))
    return tokens(everybody)
