"""Notifies soon after messages are stored, not before they are acknowledged.

At once where little is going on; where much is, for many conversations together, at most for a tenth of the
time. Where this process dies in between, the caretaker of another one finds what is left
(`Conversation.notified_seq`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from time import monotonic

from chatproject.threads import in_thread
from conversations.services.news import notify_of_news

logger = logging.getLogger(__name__)

# After a round, in times of how long it took, and at most, in seconds.
PAUSE = 10
LONGEST_PAUSE = 1


class Notifier:
    def __init__(self) -> None:
        self._conversation_ids: set[int] = set()
        self._news = asyncio.Event()
        self._is_stopping = asyncio.Event()
        self._task = asyncio.create_task(self._run())

    def tell_of(self, conversation_ids: Iterable[int]) -> None:
        """There is something new in these; returns at once."""
        self._conversation_ids.update(conversation_ids)
        if self._conversation_ids:
            self._news.set()

    async def stop(self) -> None:
        """What was told is still done."""
        self._is_stopping.set()
        self._news.set()
        await self._task

    async def _run(self) -> None:
        while not self._is_stopping.is_set() or self._conversation_ids:
            await self._news.wait()
            self._news.clear()
            begin = monotonic()
            await self._notify()
            await self._pause(min(PAUSE * (monotonic() - begin), LONGEST_PAUSE))

    async def _notify(self) -> None:
        conversation_ids, self._conversation_ids = self._conversation_ids, set()
        if not conversation_ids:
            return
        try:
            await in_thread(notify_of_news, conversation_ids=conversation_ids)
        except Exception:
            # The caretaker's round does it again.
            logger.exception("Could not notify of %d conversations", len(conversation_ids))

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._is_stopping.wait()
        except TimeoutError:
            return
