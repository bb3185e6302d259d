"""Takes what is due, carries it to somebody outside, and notes how each ended; again and again.

Any number of couriers may run, as threads of the server or as programs of their own. Many things are on their
way at the same time, and each is noted soon after its answer: whoever dawdles holds up nobody.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Generic, ParamSpec, Protocol, TypeVar

from django.db import close_old_connections

logger = logging.getLogger(__name__)

# For what is on its way when a courier is to stop, in seconds; and for the whole of that.
FAREWELL = 2
STOP_TIMEOUT = 5

P = ParamSpec("P")
R = TypeVar("R")
Item = TypeVar("Item")
Answer = TypeVar("Answer")
Given = TypeVar("Given", contravariant=True)
Said = TypeVar("Said", covariant=True)


class Carrier(Protocol[Given, Said]):
    """Lives in one event loop, and keeps its connections from one round to the next."""

    async def carry(self, item: Given) -> Said:
        """Whatever happens is an answer."""

    async def close(self) -> None: ...


class Courier(Generic[Item, Answer]):
    # At once; and how soon something that is due is noticed, and an answer noted, in seconds.
    capacity = 100
    pause = 0.5
    # How often what is over is looked through, in seconds.
    tidy_interval = 60

    def __init__(self) -> None:
        self._tidied_at = float("-inf")
        self._stopping = threading.Event()
        self._on_their_way: set[asyncio.Task[None]] = set()
        self._answered: list[tuple[Item, Answer]] = []
        self._has_enough = asyncio.Event()
        # The database is asked by one thread, beside the loop.
        self._database = ThreadPoolExecutor(1, thread_name_prefix="courier-database")

    # --- What there is to carry ----------------------------------------------------------------

    def carrier(self) -> Carrier[Item, Answer]:
        raise NotImplementedError

    def take(self, limit: int) -> tuple[Sequence[Item], bool]:
        """What is now in our hands, and whether there may be more."""
        raise NotImplementedError

    def settle(self, answers: Sequence[tuple[Item, Answer]]) -> None:
        raise NotImplementedError

    def tidy(self) -> None:
        """Forgets what is over and nobody needs any more."""
        raise NotImplementedError

    # --- The work ------------------------------------------------------------------------------

    def stop(self) -> None:
        """Takes nothing more."""
        self._stopping.set()

    def run(self) -> None:
        with self._database:
            asyncio.run(self._run())

    async def _run(self) -> None:
        carrier = self.carrier()
        try:
            while not self._stopping.is_set():
                await self._attempt(carrier)
        finally:
            await self._finish()
            await carrier.close()
            await self._ask(close_old_connections)

    async def _finish(self) -> None:
        """What is answered in time is noted; another courier repeats the rest, under the same name."""
        if self._on_their_way:
            await asyncio.wait(self._on_their_way, timeout=FAREWELL)
        for task in self._on_their_way:
            task.cancel()
        await self._ask(self.settle, self._answered)

    async def _attempt(self, carrier: Carrier[Item, Answer]) -> None:
        """A pause of the database must not be the end of everything."""
        try:
            is_busy = await self._round(carrier)
        except Exception:
            logger.exception("%s stumbled; it goes on in a moment.", type(self).__name__)
            await self._ask(close_old_connections)
            is_busy = False
        await self._wait(0 if is_busy and self._room() >= self.capacity // 2 else self.pause)

    async def _round(self, carrier: Carrier[Item, Answer]) -> bool:
        answered = self._answered[:]
        await self._ask(self.settle, answered)
        # Only now: what could not be noted is noted with the next round.
        del self._answered[: len(answered)]
        items, is_busy = await self._ask(self._take, self._room())
        for item in items:
            task = asyncio.create_task(self._carry(carrier, item))
            self._on_their_way.add(task)
            task.add_done_callback(self._arrived)
        return is_busy

    def _take(self, limit: int) -> tuple[Sequence[Item], bool]:
        if time.monotonic() - self._tidied_at >= self.tidy_interval:
            self.tidy()
            self._tidied_at = time.monotonic()
        return self.take(limit)

    def _room(self) -> int:
        return self.capacity - len(self._on_their_way)

    async def _carry(self, carrier: Carrier[Item, Answer], item: Item) -> None:
        answer = await carrier.carry(item)
        self._answered.append((item, answer))

    def _arrived(self, task: asyncio.Task[None]) -> None:
        self._on_their_way.discard(task)
        if len(self._answered) >= self.capacity // 2 or not self._on_their_way:
            self._has_enough.set()

    async def _wait(self, seconds: float) -> None:
        """Until it is worth noting what was answered, or for so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._has_enough.wait()
        self._has_enough.clear()

    async def _ask(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._database, lambda: function(*args, **kwargs))


class CourierThread:
    """For the embedded profile: a courier as a thread of the server."""

    def __init__(self, courier: Courier) -> None:
        self._courier = courier
        self._thread = threading.Thread(
            target=courier.run, name=type(courier).__name__.lower(), daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._courier.stop()
        self._thread.join(STOP_TIMEOUT)
