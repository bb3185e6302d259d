"""Telling connected people, after commit. The only place that touches the channel layer.

`publish(event, to=user_ids)` is for services, through their app's broadcasts.py. Each server process has one
`Hub`, and all of them hear one channel: an event goes out once, with the list of those whom it is for,
however many and wherever they are (docs/decisions/0014-one-channel.md). The database is the truth
and this a hint: a publish that fails is logged and repaired later by `resync`, and never fails the request
that made it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Coroutine, Iterable
from functools import cache
from threading import Thread
from typing import Any, Protocol
from uuid import uuid4

from channels.layers import get_channel_layer
from django.db import transaction

from chatproject.channel_layer import WatchedPubSubChannelLayer
from chatproject.close_codes import CloseCode
from chatproject.events import Event, Resync, SessionRevoked, encode
from chatproject.wire import Frame

logger = logging.getLogger(__name__)

SERVERS = "servers"
# Over this many waiting events the broker is as good as gone: their recipients are told to resync instead.
MAX_OUTGOING = 10_000
# How often what could not be published or subscribed is tried again, in seconds.
REPAIR_INTERVAL = 2
# A subscription is real once its own echo came back; nobody waits longer for that, in seconds.
ECHO_TIMEOUT = 2
PUBLISH_TIMEOUT = 5
# How many events go to the broker as one message, and about how many characters of them.
PUBLISHED_TOGETHER = 500
CHARACTERS_TOGETHER = 1024 * 1024
# After so many deliveries whatever else happens in this process gets its turn.
DELIVERIES_AT_ONCE = 500


class Connection(Protocol):
    """One open socket, as the hub sees it. Both calls return at once and never raise."""

    @property
    def user_id(self) -> int: ...

    @property
    def session_id(self) -> int: ...

    def deliver(self, frame: Frame) -> None: ...

    def close(self, code: int) -> None: ...


def publish(event: Event, *, to: Iterable[int]) -> None:
    """Send `event` to all devices of these users once the transaction commits.

    In the event loop no transaction of Django's is open: what is told from there was committed before.
    """
    user_ids = sorted(set(to))
    if _is_in_event_loop():
        send(event, user_ids)
    else:
        transaction.on_commit(lambda: send(event, user_ids), robust=True)


def publish_ephemeral(event: Event, *, to: Iterable[int]) -> None:
    """For what is never stored (typing, presence): at once, whatever becomes of the transaction."""
    send(event, sorted(set(to)))


def revoke_sessions(*, user_id: int, session_ids: Iterable[int]) -> None:
    """Once the transaction commits, tell these sessions' connections and close them with 4403."""
    for session_id in session_ids:
        message = {
            "type": "revoke",
            "users": [user_id],
            "session": session_id,
            "text": encode(SessionRevoked(session_id=session_id)),
        }
        transaction.on_commit(lambda message=message: _hand_over(message), robust=True)  # type: ignore[misc]


def send(event: Event, user_ids: list[int]) -> None:
    """Encode once and hand over. The seam where tests see what would go out."""
    if user_ids:
        _hand_over(_delivery(encode(event), user_ids))


def _is_in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _delivery(text: str, user_ids: Iterable[int]) -> dict[str, Any]:
    return {"type": "deliver", "users": list(user_ids), "text": text}


def _hand_over(message: dict[str, Any]) -> None:
    hub = Hub.current
    if hub is not None and hub.loop.is_running():
        hub.hand_over(message)
    else:
        _send_without_hub(message)


def _send_without_hub(message: dict[str, Any]) -> None:
    """From a process that serves no sockets, such as a command or a worker."""
    sent = asyncio.run_coroutine_threadsafe(_send_alone(message), _publishing_loop())
    try:
        sent.result()
    except Exception:
        logger.warning("Could not publish; clients catch up by sync.", exc_info=True)


@cache
def _publishing_loop() -> asyncio.AbstractEventLoop:
    """Of its own, so that a connection to the broker serves more than one event."""
    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, name="publishing", daemon=True).start()
    return loop


async def _send_alone(message: dict[str, Any]) -> None:
    async with asyncio.timeout(PUBLISH_TIMEOUT):
        await get_channel_layer().group_send(SERVERS, _batch([message]))


def _batch(messages: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "batch", "messages": messages}


class Hub:
    """The connections of this process, by person. Lives in one event loop."""

    current: Hub | None = None

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.layer = get_channel_layer()
        self.connections: dict[int, set[Connection]] = defaultdict(set)
        self._handed_over: deque[dict[str, Any]] = deque()
        self._is_woken = False
        self._outgoing: asyncio.Queue[dict[str, Any]] = asyncio.Queue(MAX_OUTGOING)
        self._owed_resync: set[int] = set()
        self._hears = asyncio.Event()
        self._echoes: dict[str, asyncio.Event] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @classmethod
    async def running(cls) -> Hub:
        """The hub of this event loop, started if it is not yet."""
        if cls.current is None or cls.current.loop is not asyncio.get_running_loop():
            cls.current = cls()
            cls.current._start()
        return cls.current

    def _start(self) -> None:
        if isinstance(self.layer, WatchedPubSubChannelLayer):
            self.layer.on_renewal(self._note_renewal)
        self._do(self._receive())
        self._do(self._publish())
        self._do(self._repair())

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        if Hub.current is self:
            Hub.current = None
        await self._finish_publishing()
        while self._tasks:
            for task in self._tasks:
                task.cancel()
            # Again and again: redis-py may take a cancellation for a lost connection, and go on.
            await asyncio.wait(self._tasks, timeout=1)

    async def _finish_publishing(self) -> None:
        self._take_over()
        try:
            async with asyncio.timeout(PUBLISH_TIMEOUT):
                await self._outgoing.join()
        except TimeoutError:
            logger.warning("The broker did not take the last %d events", self._outgoing.qsize())

    # --- Connections ---------------------------------------------------------------------------

    async def join(self, connection: Connection) -> None:
        """On return, whatever is published to the person reaches the connection (or a resync does)."""
        try:
            async with asyncio.timeout(ECHO_TIMEOUT):
                await self._hears.wait()
        except TimeoutError:
            logger.info("A socket is served before the broker answers")
        self.connections[connection.user_id].add(connection)

    def leave(self, connection: Connection) -> None:
        ours = self.connections[connection.user_id]
        ours.discard(connection)
        if not ours:
            del self.connections[connection.user_id]

    def everyone(self) -> list[Connection]:
        return [connection for ours in self.connections.values() for connection in ours]

    # --- Listening -----------------------------------------------------------------------------

    async def _receive(self) -> None:
        channel = await self._subscribed_channel()
        self._do(self._find_hearing())
        while True:
            try:
                await self._take_batch(await self.layer.receive(channel))
            except Exception:
                logger.exception("Could not hand on what the channel layer brought")
                await asyncio.sleep(0.1)

    async def _subscribed_channel(self) -> str:
        channel = ""
        while True:
            try:
                channel = channel or await self.layer.new_channel("parley.")
                await self.layer.group_add(SERVERS, channel)
                return channel
            except Exception:
                logger.warning("The channel layer does not answer", exc_info=True)
                await asyncio.sleep(REPAIR_INTERVAL)

    def _note_renewal(self) -> None:
        self._hears.clear()
        self._do(self._find_hearing())

    async def _find_hearing(self) -> None:
        """What was published before we hear ourselves may be lost for those who are here already."""
        while not await self._hears_itself():
            await asyncio.sleep(REPAIR_INTERVAL)
        self._hears.set()
        self._deliver(list(self.connections), encode(Resync()))

    async def _hears_itself(self) -> bool:
        token = uuid4().hex
        self._echoes[token] = asyncio.Event()
        try:
            async with asyncio.timeout(ECHO_TIMEOUT):
                await self.layer.group_send(SERVERS, _batch([{"type": "echo", "token": token}]))
                await self._echoes[token].wait()
            return True
        except Exception:
            logger.warning("The subscription does not answer yet", exc_info=True)
            return False
        finally:
            del self._echoes[token]

    async def _take_batch(self, batch: dict[str, Any]) -> None:
        deliveries = 0
        for message in batch["messages"]:
            deliveries += self._take(message)
            if deliveries >= DELIVERIES_AT_ONCE:
                deliveries = 0
                await asyncio.sleep(0)

    def _take(self, message: dict[str, Any]) -> int:
        match message["type"]:
            case "deliver":
                return self._deliver(message["users"], message["text"])
            case "revoke":
                return self._revoke(message["users"], message["session"], message["text"])
            case "echo":
                if waiting := self._echoes.get(message["token"]):
                    waiting.set()
        return 0

    def _deliver(self, user_ids: Iterable[int], text: str) -> int:
        frame = Frame(text)
        deliveries = 0
        for user_id in user_ids:
            for connection in self.connections.get(user_id, ()):
                connection.deliver(frame)
                deliveries += 1
        return deliveries

    def _revoke(self, user_ids: Iterable[int], session_id: int, text: str) -> int:
        frame = Frame(text)
        ours = [one for user_id in user_ids for one in self.connections.get(user_id, ())]
        revoked = [one for one in ours if one.session_id == session_id]
        for connection in revoked:
            connection.deliver(frame)
            connection.close(CloseCode.REVOKED)
        return len(revoked)

    # --- Publishing ----------------------------------------------------------------------------

    def hand_over(self, message: dict[str, Any]) -> None:
        """From any thread. The loop is woken once, however much comes before it has looked."""
        self._handed_over.append(message)
        if not self._is_woken:
            self._is_woken = True
            self.loop.call_soon_threadsafe(self._take_over)

    def _take_over(self) -> None:
        self._is_woken = False
        while self._handed_over:
            self._enqueue(self._handed_over.popleft())

    def _enqueue(self, message: dict[str, Any]) -> None:
        try:
            self._outgoing.put_nowait(message)
        except asyncio.QueueFull:
            self._owed_resync.update(message["users"])

    async def _publish(self) -> None:
        """In the order in which they were handed over, so that one conversation's events keep theirs."""
        while True:
            messages = await self._next_outgoing()
            try:
                async with asyncio.timeout(PUBLISH_TIMEOUT):
                    await self.layer.group_send(SERVERS, _batch(messages))
            except Exception:
                logger.warning("Could not publish %d events", len(messages), exc_info=True)
                for message in messages:
                    self._owed_resync.update(message["users"])
            for _message in messages:
                self._outgoing.task_done()
            # The in-memory layer never waits: give its receiver a turn, or it overflows.
            await asyncio.sleep(0)

    async def _next_outgoing(self) -> list[dict[str, Any]]:
        messages = [await self._outgoing.get()]
        characters = len(messages[0]["text"])
        while (
            len(messages) < PUBLISHED_TOGETHER
            and characters < CHARACTERS_TOGETHER
            and not self._outgoing.empty()
        ):
            messages.append(self._outgoing.get_nowait())
            characters += len(messages[-1]["text"])
        return messages

    async def _repair(self) -> None:
        """Tell those to resync who may have missed something."""
        while True:
            await asyncio.sleep(REPAIR_INTERVAL)
            if self._owed_resync:
                owed, self._owed_resync = self._owed_resync, set()
                self._enqueue(_delivery(encode(Resync()), owed))
