"""The worker that pushes: decides what is due, sends it, tidies up; again and again.

Any number of them may run, as a thread of the server or by `manage.py push_worker`. Many pushes are on
their way at the same time, and each is noted soon after its answer: a service that dawdles holds up nobody.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import ParamSpec, TypeVar

from django.db import close_old_connections
from django.utils import timezone

from conversations.services.announcing import announce_due
from conversations.services.delivering import MAX_TAKEN, Round, Send, deliver_due, take_due
from notifications import deliveries
from notifications.housekeeping import tidy
from notifications.models import PushDelivery
from notifications.push.answers import Answer
from notifications.push.message import Push
from notifications.push.sender import Sender

logger = logging.getLogger(__name__)

# How soon something that is due is noticed, and an answer noted, in seconds.
PAUSE = 0.5
# Answers come one by one, and are noted together: so many at once, or all that there are to come.
ENOUGH = MAX_TAKEN // 2
TIDY_INTERVAL = 60
# For what is on its way when the worker is to stop, in seconds; and for the whole of that.
FAREWELL = 2
STOP_TIMEOUT = 5

P = ParamSpec("P")
R = TypeVar("R")


class Pusher:
    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._on_their_way: set[asyncio.Task[None]] = set()
        self._answered: list[tuple[PushDelivery, Answer]] = []
        self._has_enough = asyncio.Event()
        self._tidied_at = float("-inf")
        # The database is asked by one thread, beside the loop.
        self._database = ThreadPoolExecutor(1, thread_name_prefix="pusher-database")

    def stop(self) -> None:
        """Takes nothing more."""
        self._stopping.set()

    def run(self) -> None:
        with self._database:
            asyncio.run(self._run())

    async def _run(self) -> None:
        sender = Sender()
        try:
            while not self._stopping.is_set():
                await self._attempt(sender)
        finally:
            await self._finish()
            await sender.close()
            await self._ask(close_old_connections)

    async def _finish(self) -> None:
        """What is answered in time is noted; the rest is sent again by another worker, under the same tag."""
        if self._on_their_way:
            await asyncio.wait(self._on_their_way, timeout=FAREWELL)
        for task in self._on_their_way:
            task.cancel()
        await self._ask(deliveries.settle, self._answered)

    async def _attempt(self, sender: Sender) -> None:
        """A pause of the database must not be the end of all pushing."""
        try:
            is_busy = await self._round(sender)
        except Exception:
            logger.exception("The push worker stumbled; it goes on in a moment.")
            await self._ask(close_old_connections)
            is_busy = False
        await self._wait(0 if is_busy and self._room() >= ENOUGH else PAUSE)

    async def _round(self, sender: Sender) -> bool:
        answered = self._answered[:]
        await self._ask(deliveries.settle, answered)
        # Only now: what could not be noted is noted with the next round.
        del self._answered[: len(answered)]
        taken = await self._ask(self._take, self._room())
        for delivery, push in taken.pushes:
            task = asyncio.create_task(self._send(sender, delivery, push))
            self._on_their_way.add(task)
            task.add_done_callback(self._arrived)
        return taken.is_busy

    def _room(self) -> int:
        return MAX_TAKEN - len(self._on_their_way)

    async def _send(self, sender: Sender, delivery: PushDelivery, push: Push) -> None:
        answer = await sender.send(push)
        self._answered.append((delivery, answer))

    def _arrived(self, task: asyncio.Task[None]) -> None:
        self._on_their_way.discard(task)
        if len(self._answered) >= ENOUGH or not self._on_their_way:
            self._has_enough.set()

    async def _wait(self, seconds: float) -> None:
        """Until it is worth noting what was answered, or for so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._has_enough.wait()
        self._has_enough.clear()

    def _take(self, limit: int) -> Round:
        announced = announce_due(now=timezone.now())
        if time.monotonic() - self._tidied_at >= TIDY_INTERVAL:
            tidy(now=timezone.now())
            self._tidied_at = time.monotonic()
        taken = take_due(now=timezone.now(), limit=limit) if limit else Round([])
        return Round(taken.pushes, is_busy=taken.is_busy or bool(announced))

    async def _ask(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._database, lambda: function(*args, **kwargs))


class PusherThread:
    """For the embedded profile: the worker as a thread of the server."""

    def __init__(self) -> None:
        self._pusher = Pusher()
        self._thread = threading.Thread(target=self._pusher.run, name="pusher", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._pusher.stop()
        self._thread.join(STOP_TIMEOUT)


def work(send: Send) -> bool:
    """One round, from the outbox to the answers, for who waits for it. True if there may be more."""
    announced = announce_due(now=timezone.now())
    delivered = deliver_due(now=timezone.now(), send=send)
    return bool(announced or delivered)
