"""Group commit: whatever is sent, delivered and read at the same time in this process shares a transaction.

A COMMIT waits for the disk, and costs the same for one message as for hundreds. So those who write wait in
a queue, and one task takes all that came while it was busy with those before. It never waits on purpose:
somebody who is alone is stored at once. Whoever sends is answered after COMMIT, like everybody in the same
batch.

    edge (REST, socket)  >  queue, one turn for each person  >  services/batches.py  >  answers, events

What is not ordinary comes back as None and goes alone (services/messages.py, receipts.py), in a thread.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from chatproject.errors import Unavailable
from chatproject.events import NewMessageBody
from chatproject.fair_queue import FairQueue
from chatproject.realtime import Hub
from chatproject.threads import in_thread
from conversations.notifier import Notifier
from conversations.services import messages, receipts
from conversations.services.batch_sql import RECEIPTS, SENDS
from conversations.services.batches import (
    EVERYTHING,
    Reading,
    Send,
    rows_of_readings,
    rows_of_sends,
    tell_of_readings,
    tell_of_sends,
)
from conversations.services.messages import Sent
from conversations.stores import KeyTaken, Store, store_of_this_database

logger = logging.getLogger(__name__)

MAX_BATCH = 256
# Over this many waiting the next one is told to come back: about a second's work.
MAX_WAITING = 4096
# How long a thread waits for its answer, and a stop for the last ones, in seconds. A message may be stored
# nevertheless: a repeat tells.
PATIENCE = 30

Request = Send | Reading
Outcome = Any


def send_message(*, actor: User, conversation_id: int, body: NewMessageBody) -> Sent:
    """`services.messages.send_message` for threads, together with whoever sends at the same time."""
    send = Send(actor, conversation_id, body)
    sent = Writer.current.write(send) if Writer.current else None
    return sent if sent is not None else _send_alone(send)


async def asend_message(*, actor: User, conversation_id: int, body: NewMessageBody) -> Sent:
    """The same for the event loop."""
    send = Send(actor, conversation_id, body)
    sent = await Writer.running().awrite(send)
    return sent if sent is not None else await in_thread(_send_alone, send)


async def amark_delivered(*, actor: User, conversation_id: int, up_to_seq: int | None) -> None:
    """`services.receipts.mark_delivered`, together with whoever confirms at the same time."""
    reading = Reading(actor, conversation_id, _until(up_to_seq))
    if not await Writer.running().awrite(reading):
        await in_thread(_mark_alone, receipts.mark_delivered, reading, up_to_seq)


async def amark_read(*, actor: User, conversation_id: int, up_to_seq: int | None) -> None:
    """`services.receipts.mark_read`, together with whoever reads at the same time."""
    reading = Reading(actor, conversation_id, _until(up_to_seq), _until(up_to_seq))
    if not await Writer.running().awrite(reading):
        await in_thread(_mark_alone, receipts.mark_read, reading, up_to_seq)


def _until(up_to_seq: int | None) -> int:
    return EVERYTHING if up_to_seq is None else up_to_seq


def _send_alone(send: Send) -> Sent:
    return messages.send_message(
        actor=send.actor, conversation_id=send.conversation_id, body=send.body
    )


def _mark_alone(mark: Callable[..., object], reading: Reading, up_to_seq: int | None) -> None:
    mark(actor=reading.actor, conversation_id=reading.conversation_id, up_to_seq=up_to_seq)


@dataclass(frozen=True, slots=True)
class Waiting:
    request: Request
    outcome: asyncio.Future[Outcome]

    def settle(self, outcome: Outcome) -> None:
        # Whoever waited may have given up.
        if self.outcome.done():
            return
        if isinstance(outcome, Exception):
            self.outcome.set_exception(outcome)
        else:
            self.outcome.set_result(outcome)


class Writer:
    """One for each event loop, like the hub."""

    current: Writer | None = None

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.store: Store = store_of_this_database()
        self.notifier = Notifier()
        self._queue: FairQueue[Waiting] = FairQueue(MAX_WAITING)
        self._news = asyncio.Event()
        self._is_stopping = False
        self._task = asyncio.create_task(self._run())

    @classmethod
    def running(cls) -> Writer:
        """The writer of this event loop, started if it is not yet."""
        if cls.current is None or cls.current.loop is not asyncio.get_running_loop():
            cls.current = cls()
        return cls.current

    async def stop(self) -> None:
        """Takes no more; what waits is still written, and those concerned are notified."""
        if Writer.current is self:
            Writer.current = None
        self._is_stopping = True
        self._news.set()
        async with asyncio.timeout(PATIENCE):
            await self._task
        await self.notifier.stop()
        await self.store.close()

    async def awrite(self, request: Request) -> Outcome:
        """None, or False: this one is not ordinary, and nothing was done about it."""
        if self._is_stopping:
            raise Unavailable(retry_after=1)
        waiting = Waiting(request, self.loop.create_future())
        self._queue.put(request.actor.pk, waiting)
        self._news.set()
        return await waiting.outcome

    def write(self, request: Request) -> Outcome:
        """The same for threads."""
        outcome = asyncio.run_coroutine_threadsafe(self.awrite(request), self.loop)
        try:
            return outcome.result(PATIENCE)
        except TimeoutError as error:
            raise Unavailable(retry_after=1) from error

    async def _run(self) -> None:
        # Through it those concerned are told.
        await Hub.running()
        while self._queue or not self._is_stopping:
            if not self._queue:
                self._news.clear()
                await self._news.wait()
                continue
            batch = self._queue.take(MAX_BATCH)
            await self._attempt(self._send, [one for one in batch if type(one.request) is Send])
            await self._attempt(self._mark, [one for one in batch if type(one.request) is Reading])

    async def _attempt(self, work: Callable[..., Any], batch: list[Waiting]) -> None:
        if not batch:
            return
        requests = [waiting.request for waiting in batch]
        try:
            outcomes: Sequence[Outcome] = await work(requests)
        except Unavailable as error:
            # The database is away. The next batch finds out whether it is back.
            outcomes = [error] * len(batch)
        except KeyTaken:
            # Another process was given one of these keys at the same moment, for another conversation.
            logger.info("A batch of %d met a key of another process", len(batch))
            outcomes = [None] * len(batch)
        except Exception:
            logger.exception("A batch of %d failed; each goes alone", len(batch))
            outcomes = [None] * len(batch)
        for waiting, outcome in zip(batch, outcomes, strict=True):
            waiting.settle(outcome)

    async def _send(self, sends: Sequence[Send]) -> list[Sent | None]:
        sent = tell_of_sends(sends, await self.store.run(SENDS, rows_of_sends(sends)))
        self.notifier.tell_of(one.message.conversation_id for one in sent if one)
        return sent

    async def _mark(self, readings: Sequence[Reading]) -> list[bool]:
        given = rows_of_readings(readings)
        return tell_of_readings(readings, given, await self.store.run(RECEIPTS, given))
