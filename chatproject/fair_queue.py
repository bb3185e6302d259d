"""A queue between many threads and one worker, in which nobody's hurry makes others wait."""

from collections import deque
from threading import Condition
from typing import Generic, TypeVar

from chatproject.errors import Unavailable

Item = TypeVar("Item")


class FairQueue(Generic[Item]):
    """Bounded. Whoever put many gets one turn among the others, again and again, in their own order."""

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._size = 0
        self._lines: dict[int, deque[Item]] = {}
        self._is_closed = False
        self._changed = Condition()

    def put(self, owner: int, item: Item) -> None:
        with self._changed:
            if self._is_closed or self._size >= self._bound:
                raise Unavailable(retry_after=1)
            self._lines.setdefault(owner, deque()).append(item)
            self._size += 1
            self._changed.notify()

    def take(self, most: int) -> list[Item]:
        """All that waits, up to `most`. Waits for the first; empty once closed and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._size or self._is_closed)
            return [self._next() for _ in range(min(most, self._size))]

    def close(self) -> None:
        """What is in it is still handed out."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def _next(self) -> Item:
        owner = next(iter(self._lines))
        line = self._lines.pop(owner)
        item = line.popleft()
        if line:
            self._lines[owner] = line
        self._size -= 1
        return item
