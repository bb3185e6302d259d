"""A queue of many for one who works it off, in which nobody's hurry makes others wait."""

from collections import deque
from typing import Generic, TypeVar

from chatproject.errors import Unavailable

Item = TypeVar("Item")


class FairQueue(Generic[Item]):
    """Bounded. Whoever put many gets one turn among the others, again and again, in their own order."""

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._size = 0
        self._lines: dict[int, deque[Item]] = {}

    def __len__(self) -> int:
        return self._size

    def put(self, owner: int, item: Item) -> None:
        """Raises Unavailable over the bound."""
        if self._size >= self._bound:
            raise Unavailable(retry_after=1)
        self._lines.setdefault(owner, deque()).append(item)
        self._size += 1

    def take(self, most: int) -> list[Item]:
        """All that waits, up to `most`."""
        return [self._next() for _ in range(min(most, self._size))]

    def _next(self) -> Item:
        owner = next(iter(self._lines))
        line = self._lines.pop(owner)
        item = line.popleft()
        if line:
            self._lines[owner] = line
        self._size -= 1
        return item
