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

# How soon something that is due is noticed, in seconds.
PAUSE = 0.5
# Answers come one by one, and are noted together.
GATHERING = 0.05
TIDY_INTERVAL = 60
STOP_TIMEOUT = 5

P = ParamSpec("P")
R = TypeVar("R")
Sent = tuple[PushDelivery, Answer]


class Pusher:
    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._on_their_way: set[asyncio.Task[Sent]] = set()
        self._tidied_at = float("-inf")
        # The database is asked by one thread, beside the loop.
        self._database = ThreadPoolExecutor(1, thread_name_prefix="pusher-database")

    def stop(self) -> None:
        """What is being sent then is sent again by the next worker, under the same tag."""
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
            for task in self._on_their_way:
                task.cancel()
            await sender.close()
            await self._ask(close_old_connections)

    async def _attempt(self, sender: Sender) -> None:
        """A pause of the database must not be the end of all pushing."""
        try:
            is_busy = await self._round(sender)
        except Exception:
            logger.exception("The push worker stumbled; it goes on in a moment.")
            await self._ask(close_old_connections)
            is_busy = False
        await self._wait(0 if is_busy and len(self._on_their_way) < MAX_TAKEN else PAUSE)

    async def _round(self, sender: Sender) -> bool:
        answered = [task for task in self._on_their_way if task.done()]
        self._on_their_way.difference_update(answered)
        await self._ask(deliveries.settle, [task.result() for task in answered])
        taken = await self._ask(self._take, MAX_TAKEN - len(self._on_their_way))
        for delivery, push in taken.pushes:
            self._on_their_way.add(asyncio.create_task(_send(sender, delivery, push)))
        return taken.is_busy

    async def _wait(self, seconds: float) -> None:
        """For the next answer, or for so long."""
        if self._on_their_way:
            await asyncio.wait(
                self._on_their_way, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
            )
            await asyncio.sleep(GATHERING)
        else:
            await asyncio.sleep(seconds)

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


async def _send(sender: Sender, delivery: PushDelivery, push: Push) -> Sent:
    return delivery, await sender.send(push)
