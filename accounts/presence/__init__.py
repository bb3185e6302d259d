"""Who is here. Never trusts a goodbye: whatever dies without one is forgotten when its lease ends.

All calls block, briefly and with timeouts; from asyncio they go through a thread. None raises because of
Redis. The caller announces what a call returns, and stores `last_seen_at` (services/presence.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.conf import settings

from accounts.models import User
from accounts.presence.memory import MemoryPresence
from accounts.presence.redis import RedisPresence
from accounts.presence.store import Change, PresenceStore, State

__all__ = [
    "BEAT",
    "GRACE",
    "Change",
    "Presence",
    "State",
    "active_among",
    "connect",
    "disconnect",
    "farewells",
    "heartbeat",
    "leave",
    "offline_among",
    "set_state",
    "status_of",
    "statuses_of",
    "sweep",
]

# How often each process calls `heartbeat` and `sweep`, in seconds.
BEAT = 10
# Who is back within this time never went: reloading a page is no reason to tell anybody, in seconds.
GRACE = 5


@dataclass(frozen=True)
class Presence:
    """The truth, whoever may see it: mask it by accounts/privacy.py before it leaves the server."""

    is_online: bool
    is_idle: bool
    last_seen_at: datetime | None


def connect(*, user_id: int, connection_id: str, state: State = State.ACTIVE) -> Change:
    return store().connect(user_id, connection_id, state)


def set_state(*, connection_id: str, state: State) -> Change | None:
    return store().set_state(connection_id, state)


def disconnect(*, connection_id: str) -> Change | None:
    return store().disconnect(connection_id)


def heartbeat() -> set[int]:
    """Returns the ids of people who are back online after Redis had lost them."""
    return store().heartbeat()


def sweep() -> set[int]:
    """Returns the ids of people who went offline with a process that died."""
    return store().sweep()


def farewells() -> set[int]:
    """Returns the ids of people who have been away for longer than the grace. Ask every second."""
    return store().farewells(GRACE)


def leave() -> set[int]:
    """When this process stops. Returns the ids of people who are leaving by that."""
    return store().leave()


def status_of(user_ids: Iterable[int]) -> dict[int, Presence]:
    """One question to the store and one query, for however many people."""
    people = User.objects.filter(pk__in=set(user_ids))
    return statuses_of(dict(people.values_list("pk", "last_seen_at")))


def statuses_of(last_seen: Mapping[int, datetime | None]) -> dict[int, Presence]:
    """For who has read when these people were last seen; no query."""
    states = store().states_of(last_seen)
    return {
        user_id: Presence(
            is_online=state != State.OFFLINE,
            is_idle=state == State.IDLE,
            last_seen_at=last_seen[user_id],
        )
        for user_id, state in states.items()
    }


def offline_among(user_ids: Iterable[int]) -> list[int]:
    """Who of them has no device connected; one question to the store, no query."""
    states = store().states_of(set(user_ids))
    return sorted(user_id for user_id, state in states.items() if state == State.OFFLINE)


def active_among(user_ids: Iterable[int]) -> set[int]:
    """Who of them sits before one of their devices just now."""
    states = store().states_of(set(user_ids))
    return {user_id for user_id, state in states.items() if state == State.ACTIVE}


def store() -> PresenceStore:
    return _store_for(settings.REDIS_URL)


@cache
def _store_for(redis_url: str) -> PresenceStore:
    return RedisPresence(redis_url) if redis_url else MemoryPresence()
