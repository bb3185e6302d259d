"""What is on its way to one client: written at once, or kept, bounded in bytes and in age.

Nobody who has something to tell ever waits for a client to read it. A client that reads too slowly is
closed with 4408 and fetches by sync what it missed (docs/decisions/0007-slow-readers.md).
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from sys import getsizeof

from chatproject.close_codes import CloseCode
from chatproject.wire import Frame, Wire

logger = logging.getLogger(__name__)

# Events that wait.
MAX_EVENT_BYTES = 1024 * 1024
# Answers that wait, before the client's next command is carried out. One answer may be larger.
MAX_ANSWER_BYTES = 128 * 1024
# How long a client may take for one text: so many seconds, and more for a long one by this speed.
PATIENCE = 30
BYTES_PER_SECOND = 64 * 1024
# How long after `close` the texts before it may still take, in seconds.
LAST_WORDS = 2


class Outbox:
    """Most sockets are silent or quick most of the time, so what waits is an object only while it waits."""

    __slots__ = ("_backlog", "_when_closed", "_wire")

    def __init__(self, wire: Wire, *, when_closed: Callable[[], None]) -> None:
        self._wire = wire
        self._when_closed = when_closed
        self._backlog: Backlog | None = None

    @property
    def is_closing(self) -> bool:
        return self._backlog is not None and self._backlog.is_closing

    def tell(self, frame: Frame) -> None:
        """An event. They come when they come, so too many of them close the socket."""
        if self._backlog is not None or not self._wire.write(frame):
            self._kept().tell(frame)

    def answer(self, frame: Frame) -> None:
        """They come when the client asks, so who answers waits for `room_for_answers` between them."""
        if self._backlog is not None or not self._wire.write(frame):
            self._kept().answer(frame)

    async def room_for_answers(self) -> None:
        if self._backlog is not None:
            await self._backlog.room_for_answers()

    def close(self, code: int) -> None:
        """What was put before still goes out, if it goes fast. The first code counts."""
        self._kept().close(code)

    async def closed(self) -> None:
        """Raises what went wrong meanwhile."""
        if self._backlog is not None:
            await self._backlog.task

    async def stop(self) -> None:
        if self._backlog is not None:
            self._backlog.task.cancel()
            await asyncio.wait([self._backlog.task])

    def _kept(self) -> "Backlog":
        if self._backlog is None:
            self._backlog = Backlog(self._wire, when_ended=self._go_on)
        return self._backlog

    def _go_on(self) -> None:
        if self.is_closing:
            self._when_closed()
        else:
            self._backlog = None


class Backlog:
    """What could not be written at once, and the task that writes it."""

    def __init__(self, wire: Wire, *, when_ended: Callable[[], None]) -> None:
        self._wire = wire
        self._when_ended = when_ended
        self._loop = asyncio.get_running_loop()
        self._frames: deque[tuple[Frame, Budget]] = deque()
        self._events = Budget(MAX_EVENT_BYTES)
        self._answers = Budget(MAX_ANSWER_BYTES)
        self._sending: asyncio.Timeout | None = None
        self._deadline = float("inf")
        self._close_code: int | None = None
        self.is_closing = False
        self.task = asyncio.create_task(self._drain())

    def tell(self, frame: Frame) -> None:
        self._put(frame, self._events)
        if self._events.is_exceeded and not self.is_closing:
            self._give_up()

    def answer(self, frame: Frame) -> None:
        self._put(frame, self._answers)

    async def room_for_answers(self) -> None:
        await self._answers.kept.wait()

    def close(self, code: int) -> None:
        self._close_by(code, self._loop.time() + LAST_WORDS)

    async def _drain(self) -> None:
        is_done = False
        try:
            await self._send_frames()
            if self.is_closing:
                await self._send_close()
            else:
                is_done = True
        except (OSError, TimeoutError):
            logger.debug("A socket was gone before its close", exc_info=True)
        finally:
            self.is_closing = not is_done
            self._when_ended()

    def _put(self, frame: Frame, budget: "Budget") -> None:
        if not self.is_closing:
            budget.add(getsizeof(frame.text))
            self._frames.append((frame, budget))

    async def _send_frames(self) -> None:
        while self._frames:
            frame, budget = self._frames.popleft()
            try:
                await self._send_text(frame.text)
            except TimeoutError:
                self._give_up()
            budget.add(-getsizeof(frame.text))

    async def _send_text(self, text: str) -> None:
        patience = PATIENCE + getsizeof(text) / BYTES_PER_SECOND
        try:
            async with asyncio.timeout_at(
                min(self._loop.time() + patience, self._deadline)
            ) as self._sending:
                await self._wire({"type": "websocket.send", "text": text})
        finally:
            self._sending = None

    async def _send_close(self) -> None:
        async with asyncio.timeout(LAST_WORDS):
            await self._wire({"type": "websocket.close", "code": self._close_code})

    def _give_up(self) -> None:
        self._frames.clear()
        self._close_by(CloseCode.TOO_SLOW, self._loop.time())

    def _close_by(self, code: int, deadline: float) -> None:
        if not self.is_closing:
            self.is_closing, self._close_code = True, int(code)
        self._deadline = min(self._deadline, deadline)
        if self._sending is not None and not self._sending.expired():
            self._sending.reschedule(self._deadline)


class Budget:
    """Bytes that wait, of those that may."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._bytes = 0
        self.kept = asyncio.Event()
        self.kept.set()

    @property
    def is_exceeded(self) -> bool:
        return not self.kept.is_set()

    def add(self, size: int) -> None:
        self._bytes += size
        if self._bytes > self._most:
            self.kept.clear()
        else:
            self.kept.set()
