"""What is on its way to one client: bounded in bytes and in age, drained by one task.

Nobody who has something to tell ever waits for a client to read it. A client that reads too slowly is
closed with 4408 and fetches by sync what it missed (docs/decisions/0007-slow-readers.md).
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from sys import getsizeof
from typing import Any

from chatproject.close_codes import CloseCode

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

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Outbox:
    def __init__(self, send: Send) -> None:
        self._send = send
        self._loop = asyncio.get_running_loop()
        self._texts: deque[tuple[str, Budget]] = deque()
        self._events = Budget(MAX_EVENT_BYTES)
        self._answers = Budget(MAX_ANSWER_BYTES)
        self._news = asyncio.Event()
        self._sending: asyncio.Timeout | None = None
        self._deadline = float("inf")
        self._close_code: int | None = None

    @property
    def is_closing(self) -> bool:
        return self._close_code is not None

    def tell(self, text: str) -> None:
        """An event. They come when they come, so too many of them close the socket."""
        self._put(text, self._events)
        if self._events.is_exceeded and not self.is_closing:
            self._give_up()

    def answer(self, text: str) -> None:
        """They come when the client asks, so who answers waits for `room_for_answers` between them."""
        self._put(text, self._answers)

    async def room_for_answers(self) -> None:
        await self._answers.kept.wait()

    def close(self, code: int) -> None:
        """What was put before still goes out, if it goes fast. The first code counts."""
        self._close_by(code, self._loop.time() + LAST_WORDS)

    async def drain(self) -> None:
        """Until closed, or until the server says that the client is gone."""
        try:
            await self._send_texts()
            async with asyncio.timeout(LAST_WORDS):
                await self._send({"type": "websocket.close", "code": self._close_code})
        except (OSError, TimeoutError):
            logger.debug("A socket was gone before its close", exc_info=True)

    def _put(self, text: str, budget: "Budget") -> None:
        if not self.is_closing:
            budget.add(getsizeof(text))
            self._texts.append((text, budget))
            self._news.set()

    async def _send_texts(self) -> None:
        while self._texts or not self.is_closing:
            if not self._texts:
                self._news.clear()
                await self._news.wait()
                continue
            text, budget = self._texts.popleft()
            try:
                await self._send_text(text)
            except TimeoutError:
                self._give_up()
            budget.add(-getsizeof(text))

    async def _send_text(self, text: str) -> None:
        patience = PATIENCE + getsizeof(text) / BYTES_PER_SECOND
        try:
            async with asyncio.timeout_at(
                min(self._loop.time() + patience, self._deadline)
            ) as self._sending:
                await self._send({"type": "websocket.send", "text": text})
        finally:
            self._sending = None

    def _give_up(self) -> None:
        self._texts.clear()
        self._close_by(CloseCode.TOO_SLOW, self._loop.time())

    def _close_by(self, code: int, deadline: float) -> None:
        if not self.is_closing:
            self._close_code = int(code)
        self._deadline = min(self._deadline, deadline)
        self._news.set()
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
