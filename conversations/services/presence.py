"""Coming, going and being idle: what accounts knows of it is told to those whom it concerns."""

from __future__ import annotations

from collections.abc import Iterable

from accounts import presence
from accounts.services.presence import store_last_seen
from conversations.services.status import announce_status


def arrive(*, user_id: int, connection_id: str) -> bool:
    """True if they were away: then somebody calls `tell_changes`."""
    return presence.connect(user_id=user_id, connection_id=connection_id).came_online


def depart(*, connection_id: str) -> int | None:
    """The person, if that was their last connection. A page may just be reloading: tell it a bit later."""
    change = presence.disconnect(connection_id=connection_id)
    return change.user_id if change and change.went_offline else None


def beat() -> set[int]:
    """Keeps this process's people here, and finds those whose process died. Returns who changed."""
    return presence.heartbeat() | presence.sweep()


def leave() -> set[int]:
    """This process stops serving. Returns who is away by that."""
    return presence.leave()


def tell_changes(*, user_ids: Iterable[int]) -> None:
    """These came or went; what is told is what is so now."""
    store_last_seen(user_ids=user_ids)
    for user_id in user_ids:
        announce_status(user_id=user_id)


def set_activity(*, user_id: int, connection_id: str, state: str) -> None:
    change = presence.set_state(connection_id=connection_id, state=presence.State(state))
    if change and change.before != change.after:
        announce_status(user_id=user_id)
