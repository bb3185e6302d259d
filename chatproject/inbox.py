"""What one client sent, waiting for its turn, and how fast it may send.

The server's own queue before us has no bound, so it is emptied at once, always; the bound is here.
"""

from weakref import WeakValueDictionary

from django.conf import settings

from chatproject.token_bucket import TokenBucket

MAX_WAITING_FRAMES = 256
MAX_WAITING_BYTES = 1024 * 1024
# Who goes on after so many refusals at once, or more than so many a second, is not listening.
REFUSALS_BURST = 100
REFUSALS_PER_SECOND = 1
# All connections of a person in this process together get this many times what one of them gets.
CONNECTIONS_WORTH = 3


class Overflow(Exception):
    """More waits than we are willing to keep."""


class Inbox:
    __slots__ = ("_bytes", "_frames")

    def __init__(self) -> None:
        # A short list, since it is empty nearly always and an empty deque is ten times as large.
        self._frames: list[str | bytes] = []
        self._bytes = 0

    def put(self, frame: str | bytes) -> None:
        if len(self._frames) >= MAX_WAITING_FRAMES or self._bytes > MAX_WAITING_BYTES:
            raise Overflow
        self._bytes += len(frame)
        self._frames.append(frame)

    def take(self) -> str | bytes | None:
        if not self._frames:
            return None
        frame = self._frames.pop(0)
        self._bytes -= len(frame)
        return frame

    def clear(self) -> None:
        self._frames.clear()


class FrameLimit:
    """The pace of one connection, and of its person over all their connections to this process."""

    __slots__ = ("_own", "_person", "_refusals")
    _of_people: WeakValueDictionary[int, TokenBucket] = WeakValueDictionary()

    def __init__(self) -> None:
        self._own = _bucket(1)
        self._person: TokenBucket | None = None
        self._refusals: TokenBucket | None = None

    def belongs_to(self, user_id: int) -> None:
        self._person = self._of_people.setdefault(user_id, _bucket(CONNECTIONS_WORTH))

    def wait(self) -> float:
        """0 if a frame may pass now, else how many seconds too early it is."""
        if self._person is None:
            return self._own.take()
        return self._own.wait() or self._person.take() or self._own.take()

    def count_refusal(self) -> None:
        if self._refusals is None:
            self._refusals = TokenBucket(rate=REFUSALS_PER_SECOND, burst=REFUSALS_BURST)
        if self._refusals.take():
            raise Overflow


def _bucket(connections: int) -> TokenBucket:
    return TokenBucket(
        rate=settings.SOCKET_FRAMES_PER_SECOND * connections,
        burst=settings.SOCKET_FRAMES_BURST * connections,
    )
