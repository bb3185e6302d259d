"""What the command line says, and how large a scenario is by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Options:
    servers: Sequence[str]
    # For each measurement, after a warm-up.
    seconds: float = 3.0
    warm_up: float = 1.0
    # How long readers and writers of an embedded database are mixed.
    mixed: float = 60.0
    # As small as can be: whether it works, not how fast it is.
    smallest: bool = False

    def size(self, usual: int, smallest: int) -> int:
        return smallest if self.smallest else usual

    def sizes(self, usual: Sequence[T], smallest: Sequence[T]) -> Sequence[T]:
        return smallest if self.smallest else usual
