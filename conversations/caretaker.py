"""What every process that serves sockets does by the clock, for all of its sockets at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from accounts.presence import BEAT
from accounts.services.sessions import live_sessions, revoked_among
from chatproject.close_codes import CloseCode
from chatproject.gathered import Gathered
from chatproject.realtime import Hub
from chatproject.threads import in_thread
from conversations.services import presence
from conversations.services.news import notify_of_overdue_news

logger = logging.getLogger(__name__)

# How soon a socket is closed whose revocation got lost on the way, in seconds. The promise is 5.
SESSION_CHECK_INTERVAL = 3
FAREWELL_INTERVAL = 1
# A person's changes are told at most once in so many seconds.
TELL_INTERVAL = 1


class Caretaker:
    """One for each event loop, like the hub."""

    current: Caretaker | None = None

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        # Thousands of sockets ask now and then who they are.
        self.sessions = Gathered(live_sessions)
        self._arrivals: dict[str, asyncio.Task[None]] = {}
        self._departures: set[asyncio.Task[None]] = set()
        self._changed: set[int] = set()
        self._news = asyncio.Event()
        self._rounds = [
            asyncio.create_task(self._tell_changes()),
            asyncio.create_task(_every(BEAT, self._beat)),
            asyncio.create_task(_every(BEAT, self._notify)),
            asyncio.create_task(_every(SESSION_CHECK_INTERVAL, self._close_revoked)),
            asyncio.create_task(_every(FAREWELL_INTERVAL, self._see_off)),
        ]

    @classmethod
    async def running(cls) -> Caretaker:
        hub = await Hub.running()
        if cls.current is None or cls.current.hub is not hub:
            cls.current = cls(hub)
        return cls.current

    async def stop(self) -> None:
        """Once all sockets are closed: nobody is here any more."""
        if Caretaker.current is self:
            Caretaker.current = None
        for task in self._rounds:
            task.cancel()
        await asyncio.gather(*self._rounds, *self._departures, return_exceptions=True)
        await _attempt(in_thread, presence.tell_changes, user_ids=self._changed)
        await _attempt(in_thread, presence.leave)

    # --- Who comes and goes --------------------------------------------------------------------

    async def arrive(self, *, user_id: int, connection_id: str) -> None:
        arrival = asyncio.create_task(_attempt(self._arrive, user_id, connection_id))
        self._arrivals[connection_id] = arrival
        arrival.add_done_callback(lambda _: self._arrivals.pop(connection_id, None))
        # A client that leaves meanwhile must not leave half an arrival behind.
        await asyncio.shield(arrival)

    def depart(self, connection_id: str) -> None:
        departure = asyncio.create_task(_attempt(self._depart, connection_id))
        self._departures.add(departure)
        departure.add_done_callback(self._departures.discard)

    async def _arrive(self, user_id: int, connection_id: str) -> None:
        if await in_thread(presence.arrive, user_id=user_id, connection_id=connection_id):
            self.tell([user_id])

    async def _depart(self, connection_id: str) -> None:
        if arrival := self._arrivals.get(connection_id):
            await arrival
        await in_thread(presence.depart, connection_id=connection_id)

    async def _see_off(self) -> None:
        self.tell(await in_thread(presence.see_off))

    async def _beat(self) -> None:
        self.tell(await in_thread(presence.beat))

    async def _notify(self) -> None:
        await in_thread(notify_of_overdue_news)

    def tell(self, user_ids: Iterable[int]) -> None:
        """These came, went, or fell idle; those around them are to know."""
        self._changed.update(user_ids)
        if self._changed:
            self._news.set()

    async def _tell_changes(self) -> None:
        """At once, and then together whatever changed meanwhile: thousands may come in one moment."""
        while True:
            await self._news.wait()
            self._news.clear()
            changed, self._changed = self._changed, set()
            await _attempt(in_thread, presence.tell_changes, user_ids=changed)
            await asyncio.sleep(TELL_INTERVAL)

    # --- Sessions ------------------------------------------------------------------------------

    async def _close_revoked(self) -> None:
        """The hub closes them at once; this is for when its message got lost."""
        connections = self.hub.everyone()
        if not connections:
            return
        revoked = await in_thread(revoked_among, {one.session_id for one in connections})
        for connection in connections:
            if connection.session_id in revoked:
                connection.close(CloseCode.REVOKED)


async def _every(seconds: float, round_: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        await _attempt(round_)


async def _attempt(work: Callable[..., Awaitable[None]], *arguments: Any, **named: Any) -> None:
    """A failure is told in the log, and repaired by the next round or by a lease that ends."""
    try:
        await work(*arguments, **named)
    except Exception:
        logger.exception("Could not do a caretaker's round")
