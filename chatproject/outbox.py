"""What is on its way to one client: bounded in bytes and in age, drained by one task.

Nobody who has something to tell ever waits for a client to read it. A client that reads too slowly is
closed with 4408 and fetches by sync what it missed.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from sys import getsizeof
from typing import Any

from chatproject.close_codes import CloseCode

logger = logging.getLogger(__name__)

MAX_WAITING_BYTES = 1024 * 1024
# How long the client may take to make room for one text, in seconds.
MAX_BLOCKED = 30
# How long after `close` the texts before it may still take, in seconds.
LAST_WORDS = 2

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Outbox:
    def __init__(self, send: Send) -> None:
        self._send = send
        self._loop = asyncio.get_running_loop()
        self._texts: deque[str] = deque()
        self._bytes = 0
        self._news = asyncio.Event()
        self._blocked: asyncio.Timeout | None = None
        self._deadline = float("inf")
        self._close_code: int | None = None

    @property
    def is_closing(self) -> bool:
        return self._close_code is not None

    def put(self, text: str) -> None:
        if self.is_closing:
            return
        self._texts.append(text)
        self._bytes += getsizeof(text)
        self._news.set()
        if self._bytes > MAX_WAITING_BYTES:
            self._give_up()

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

    async def _send_texts(self) -> None:
        while self._texts or not self.is_closing:
            if not self._texts:
                self._news.clear()
                await self._news.wait()
                continue
            text = self._texts.popleft()
            self._bytes -= getsizeof(text)
            try:
                await self._send_text(text)
            except TimeoutError:
                self._give_up()

    async def _send_text(self, text: str) -> None:
        by = min(self._loop.time() + MAX_BLOCKED, self._deadline)
        try:
            async with asyncio.timeout_at(by) as self._blocked:
                await self._send({"type": "websocket.send", "text": text})
        finally:
            self._blocked = None

    def _give_up(self) -> None:
        self._texts.clear()
        self._bytes = 0
        self._close_by(CloseCode.TOO_SLOW, self._loop.time())

    def _close_by(self, code: int, deadline: float) -> None:
        if not self.is_closing:
            self._close_code = code
        self._deadline = min(self._deadline, deadline)
        self._news.set()
        if self._blocked is not None:
            self._blocked.reschedule(self._deadline)
