"""Telling connected people, after commit. The only place that touches the channel layer.

`publish(event, to=user_ids)` is for services, through their app's broadcasts.py. Each server process has one
`Hub`: it subscribes once per connected person, not once per socket, and hands each text to that person's
connections. The database is the truth and this a hint: a publish that fails is logged and repaired later
by `resync`, and never fails the request that made it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, Protocol
from uuid import uuid4
from weakref import WeakValueDictionary

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from chatproject.channel_layer import WatchedPubSubChannelLayer
from chatproject.close_codes import CloseCode
from chatproject.events import Event, Resync, SessionRevoked, encode

logger = logging.getLogger(__name__)

# Over this many waiting texts the broker is as good as gone: their recipients are told to resync instead.
MAX_OUTGOING = 10_000
# How often what could not be delivered or subscribed is tried again, in seconds.
REPAIR_INTERVAL = 2
# A subscription is real once its own echo came back; after this it is left to the repair.
ECHO_TIMEOUT = 2
PUBLISH_TIMEOUT = 5
# How many go to the broker in one round trip.
PUBLISHED_TOGETHER = 500


class Connection(Protocol):
    """One open socket, as the hub sees it. Both calls return at once and never raise."""

    user_id: int
    session_id: int

    def deliver(self, text: str) -> None: ...

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
            "user": user_id,
            "session": session_id,
            "text": encode(SessionRevoked(session_id=session_id)),
        }
        transaction.on_commit(lambda message=message: _hand_over([message]), robust=True)  # type: ignore[misc]


def send(event: Event, user_ids: list[int]) -> None:
    """Encode once and hand over. The seam where tests see what would go out."""
    text = encode(event)
    _hand_over([{"type": "deliver", "user": user_id, "text": text} for user_id in user_ids])


def _is_in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _hand_over(messages: list[dict[str, Any]]) -> None:
    if not messages:
        return
    hub = Hub.current
    if hub is not None and hub.loop.is_running():
        hub.hand_over(messages)
    else:
        _send_without_hub(messages)


def _send_without_hub(messages: list[dict[str, Any]]) -> None:
    """From a process that serves no sockets, such as a command or a worker."""
    try:
        async_to_sync(_send_all)(messages)
    except Exception:
        logger.warning("Could not publish; clients catch up by sync.", exc_info=True)


async def _send_all(messages: list[dict[str, Any]]) -> None:
    layer = get_channel_layer()
    async with asyncio.timeout(PUBLISH_TIMEOUT):
        for message in messages:
            await layer.group_send(_group(message["user"]), message)


def _group(user_id: int) -> str:
    return f"user.{user_id}"


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
        self._subscribed: set[int] = set()
        # Whom we could not subscribe; the repair goes on trying.
        self._unsubscribed: set[int] = set()
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._echoes: dict[str, asyncio.Event] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._channel = ""

    @classmethod
    async def running(cls) -> Hub:
        """The hub of this event loop, started if it is not yet."""
        if cls.current is None or cls.current.loop is not asyncio.get_running_loop():
            cls.current = cls()
            cls.current._start()
        return cls.current

    def _start(self) -> None:
        if isinstance(self.layer, WatchedPubSubChannelLayer):
            self.layer.on_renewal(lambda: self._do(self._resync_after_renewal()))
        self._ready = asyncio.Event()
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
            logger.warning("The broker did not take the last %d messages", self._outgoing.qsize())

    # --- Connections ---------------------------------------------------------------------------

    async def join(self, connection: Connection) -> None:
        """On return, whatever is published to the person reaches the connection (or a resync does)."""
        self.connections[connection.user_id].add(connection)
        await self._follow(connection.user_id)

    async def leave(self, connection: Connection) -> None:
        ours = self.connections[connection.user_id]
        ours.discard(connection)
        if not ours:
            del self.connections[connection.user_id]
            await self._follow(connection.user_id)

    def everyone(self) -> list[Connection]:
        return [connection for ours in self.connections.values() for connection in ours]

    def _tell_locally(self, user_ids: Iterable[int], text: str) -> None:
        for user_id in list(user_ids):
            for connection in list(self.connections.get(user_id, ())):
                connection.deliver(text)

    # --- Subscribing ---------------------------------------------------------------------------

    async def _follow(self, user_id: int) -> None:
        """Subscribed while there are connections. One at a time, since people come and go meanwhile."""
        async with self._locks.setdefault(user_id, asyncio.Lock()):
            if user_id not in self.connections:
                await self._unsubscribe(user_id)
            elif user_id not in self._subscribed and user_id not in self._unsubscribed:
                await self._subscribe(user_id)

    async def _subscribe(self, user_id: int) -> bool:
        group = _group(user_id)
        try:
            async with asyncio.timeout(ECHO_TIMEOUT):
                await self._ready.wait()
                await self.layer.group_add(group, self._channel)
                await self._hear_echo(lambda echo: self.layer.group_send(group, echo))
        except Exception:
            logger.warning("Could not subscribe user %s yet", user_id, exc_info=True)
            self._unsubscribed.add(user_id)
            return False
        self._unsubscribed.discard(user_id)
        self._subscribed.add(user_id)
        return True

    async def _unsubscribe(self, user_id: int) -> None:
        self._subscribed.discard(user_id)
        self._unsubscribed.discard(user_id)
        try:
            async with asyncio.timeout(ECHO_TIMEOUT):
                await self.layer.group_discard(_group(user_id), self._channel)
        except Exception:
            # What still comes for this person finds no connection, and is dropped.
            logger.warning("Could not unsubscribe user %s", user_id, exc_info=True)

    async def _hear_echo(self, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        token = uuid4().hex
        self._echoes[token] = asyncio.Event()
        try:
            await send({"type": "echo", "token": token})
            await self._echoes[token].wait()
        finally:
            del self._echoes[token]

    # --- Repairing -----------------------------------------------------------------------------

    async def _resync_after_renewal(self) -> None:
        """Not before the new subscriptions are seen to work, or what is lost until then stays lost."""
        try:
            async with asyncio.timeout(ECHO_TIMEOUT):
                await self._hear_echo(lambda echo: self.layer.send(self._channel, echo))
        except Exception:
            logger.warning("The renewed subscriptions do not answer yet", exc_info=True)
        self._tell_locally(self.connections.keys(), encode(Resync()))

    async def _repair(self) -> None:
        """Subscribe whom we could not, and tell those to resync who may have missed something."""
        while True:
            await asyncio.sleep(REPAIR_INTERVAL)
            await self._subscribe_missing()
            owed, self._owed_resync = self._owed_resync, set()
            for user_id in owed:
                self.enqueue([{"type": "deliver", "user": user_id, "text": encode(Resync())}])

    async def _subscribe_missing(self) -> None:
        for user_id in list(self._unsubscribed):
            async with self._locks.setdefault(user_id, asyncio.Lock()):
                if user_id not in self._unsubscribed:
                    continue
                if not await self._subscribe(user_id):
                    # The broker is still away; the others would only wait for it, one after another.
                    return
            self._tell_locally([user_id], encode(Resync()))

    # --- Sending and receiving -----------------------------------------------------------------

    def hand_over(self, messages: Iterable[dict[str, Any]]) -> None:
        """From any thread. The loop is woken once, however much comes before it has looked."""
        self._handed_over.extend(messages)
        if not self._is_woken:
            self._is_woken = True
            self.loop.call_soon_threadsafe(self._take_over)

    def _take_over(self) -> None:
        self._is_woken = False
        while self._handed_over:
            self.enqueue([self._handed_over.popleft()])

    def enqueue(self, messages: Iterable[dict[str, Any]]) -> None:
        for message in messages:
            try:
                self._outgoing.put_nowait(message)
            except asyncio.QueueFull:
                self._owed_resync.add(message["user"])

    async def _publish(self) -> None:
        """In the order in which they were handed over, so that one conversation's events keep theirs."""
        while True:
            messages = await self._next_outgoing()
            try:
                async with asyncio.timeout(PUBLISH_TIMEOUT):
                    await self._publish_all(messages)
            except Exception:
                logger.warning("Could not publish %d messages", len(messages), exc_info=True)
                self._owed_resync.update(message["user"] for message in messages)
            for _message in messages:
                self._outgoing.task_done()

    async def _next_outgoing(self) -> list[dict[str, Any]]:
        messages = [await self._outgoing.get()]
        while len(messages) < PUBLISHED_TOGETHER and not self._outgoing.empty():
            messages.append(self._outgoing.get_nowait())
        return messages

    async def _publish_all(self, messages: list[dict[str, Any]]) -> None:
        addressed = [(_group(message["user"]), message) for message in messages]
        if isinstance(self.layer, WatchedPubSubChannelLayer):
            await self.layer.group_send_many(addressed)
            return
        for group, message in addressed:
            await self.layer.group_send(group, message)
            # The in-memory layer never waits: give its receiver a turn, or it overflows.
            await asyncio.sleep(0)

    async def _receive(self) -> None:
        await self._open_channel()
        while True:
            try:
                self._dispatch(await self.layer.receive(self._channel))
            except Exception:
                logger.exception("Could not hand on a message of the channel layer")
                await asyncio.sleep(0.1)

    async def _open_channel(self) -> None:
        while not self._channel:
            try:
                self._channel = await self.layer.new_channel("parley.")
            except Exception:
                logger.warning("The channel layer does not answer", exc_info=True)
                await asyncio.sleep(REPAIR_INTERVAL)
        self._ready.set()

    def _dispatch(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "deliver":
                self._tell_locally([message["user"]], message["text"])
            case "revoke":
                self._revoke(message["user"], message["session"], message["text"])
            case "echo":
                if waiting := self._echoes.get(message["token"]):
                    waiting.set()

    def _revoke(self, user_id: int, session_id: int, text: str) -> None:
        for connection in list(self.connections.get(user_id, ())):
            if connection.session_id == session_id:
                connection.deliver(text)
                connection.close(CloseCode.REVOKED)
