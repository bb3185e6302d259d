"""Group commit: whatever is being sent at the same time in this process is stored in one transaction.

A COMMIT waits for the disk, and costs the same for one message as for hundreds. So sends wait in a queue, and
one thread takes all that came while it was busy with those before. It never waits on purpose: somebody who
is alone is stored at once. Whoever sends is answered after COMMIT, like everybody in the same batch.

    edge (REST, socket)  >  queue, one turn for each sender  >  services/batches.py  >  answers, events

What is not ordinary comes back as None and goes alone (services/messages.py), in the thread that asked.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent import futures
from dataclasses import dataclass
from threading import Lock, Thread

from django.db import IntegrityError, InterfaceError, OperationalError, connections, reset_queries

from accounts.models import User
from chatproject.errors import Unavailable
from chatproject.events import NewMessageBody
from chatproject.fair_queue import FairQueue
from chatproject.threads import in_thread
from conversations.services import messages
from conversations.services.batches import Send, send_messages
from conversations.services.messages import Sent

logger = logging.getLogger(__name__)

MAX_BATCH = 256
# Over this many waiting sends the next one is told to come back: about a second's work.
MAX_WAITING = 4096
# How long a request waits for its answer, and a stop for the last ones, in seconds. A message may be stored
# nevertheless: a repeat tells.
PATIENCE = 30

Outcome = Sent | None | Exception
AnyFuture = asyncio.Future[Sent | None] | futures.Future[Sent | None]


def send_message(*, actor: User, conversation_id: int, body: NewMessageBody) -> Sent:
    """`services.messages.send_message` for threads, together with whoever sends at the same time."""
    send = Send(actor, conversation_id, body)
    writer = Writer.current
    sent = writer.write(send) if writer else None
    return sent if sent is not None else _send_alone(send)


async def asend_message(*, actor: User, conversation_id: int, body: NewMessageBody) -> Sent:
    """The same for the event loop."""
    send = Send(actor, conversation_id, body)
    sent = await Writer.running().awrite(send)
    return sent if sent is not None else await in_thread(_send_alone, send)


def _send_alone(send: Send) -> Sent:
    return messages.send_message(
        actor=send.actor, conversation_id=send.conversation_id, body=send.body
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    send: Send
    future: AnyFuture
    # Where the future lives; None: in a thread that waits for it.
    loop: asyncio.AbstractEventLoop | None = None


class Writer:
    """One for each process."""

    current: Writer | None = None
    _starting = Lock()

    def __init__(self) -> None:
        self._queue: FairQueue[Waiting] = FairQueue(MAX_WAITING)
        self._thread = Thread(target=self._run, name="writer", daemon=True)

    @classmethod
    def running(cls) -> Writer:
        with cls._starting:
            if cls.current is None:
                cls.current = cls()
                cls.current._thread.start()
            return cls.current

    def stop(self) -> None:
        """Takes no more; what waits is still written."""
        if Writer.current is self:
            Writer.current = None
        self._queue.close()
        self._thread.join(PATIENCE)

    def write(self, send: Send) -> Sent | None:
        future: futures.Future[Sent | None] = futures.Future()
        self._queue.put(send.actor.pk, Waiting(send, future))
        try:
            return future.result(PATIENCE)
        except TimeoutError as error:
            raise Unavailable(retry_after=1) from error

    async def awrite(self, send: Send) -> Sent | None:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Sent | None] = loop.create_future()
        self._queue.put(send.actor.pk, Waiting(send, future, loop))
        return await future

    def _run(self) -> None:
        while batch := self._queue.take(MAX_BATCH):
            answer(batch, store([waiting.send for waiting in batch]))
        connections.close_all()


def store(sends: Sequence[Send]) -> Sequence[Outcome]:
    """Never raises: the outcomes tell."""
    # With DEBUG a connection remembers its queries until a request comes. Here none does.
    reset_queries()
    try:
        return send_messages(sends=sends)
    except (OperationalError, InterfaceError) as error:
        # The database is away. The next batch finds out whether it is back.
        connections.close_all()
        return [error] * len(sends)
    except IntegrityError:
        # Another process was given one of these keys at the same moment, for another conversation.
        logger.info("A batch of %d sends met a key of another process", len(sends))
    except Exception:
        logger.exception("A batch of %d sends failed; each goes alone", len(sends))
    return [None] * len(sends)


def answer(batch: Iterable[Waiting], outcomes: Iterable[Outcome]) -> None:
    """Each event loop is woken once, however many wait in it."""
    answers = defaultdict(list)
    for waiting, outcome in zip(batch, outcomes, strict=True):
        answers[waiting.loop].append((waiting.future, outcome))
    for loop, settled in answers.items():
        if loop is None:
            settle(settled)
            continue
        try:
            loop.call_soon_threadsafe(settle, settled)
        except RuntimeError:
            logger.debug("The event loop ended before its answers came", exc_info=True)


def settle(answers: Iterable[tuple[AnyFuture, Outcome]]) -> None:
    for future, outcome in answers:
        if future.done():
            # Nobody waits any more.
            continue
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
