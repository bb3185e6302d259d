"""One question for all who have it at the same time."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from typing import Generic, TypeVar

from chatproject.threads import in_thread

Key = TypeVar("Key")
Answer = TypeVar("Answer")


class Gathered(Generic[Key, Answer]):
    """Asks in a thread, one question at a time. Whoever comes meanwhile shares the next one."""

    def __init__(self, ask: Callable[[Collection[Key]], Mapping[Key, Answer]]) -> None:
        self._ask = ask
        self._waiting: dict[Key, asyncio.Future[Answer | None]] = {}
        self._task: asyncio.Task[None] | None = None

    async def get(self, key: Key) -> Answer | None:
        """None where the answers have no such key. Raises what asking raised."""
        if key not in self._waiting:
            self._waiting[key] = asyncio.get_running_loop().create_future()
        answer = self._waiting[key]
        if self._task is None:
            self._task = asyncio.create_task(self._ask_all())
        # Whoever gives up takes nothing from those who wait for the same.
        return await asyncio.shield(answer)

    async def _ask_all(self) -> None:
        while self._waiting:
            asked, self._waiting = self._waiting, {}
            try:
                answers = await in_thread(self._ask, list(asked))
            except Exception as error:
                for waiting in asked.values():
                    waiting.set_exception(error)
                continue
            for key, waiting in asked.items():
                waiting.set_result(answers.get(key))
        self._task = None
