"""Coming, going and being idle: what accounts knows of it is told to those whom it concerns.

Those who change are returned to the caretaker, which calls `tell_changes` for many of them together.
"""

from __future__ import annotations

from collections.abc import Iterable

from accounts import presence
from accounts.services.presence import store_last_seen
from conversations.services.status import announce_statuses


def arrive(*, user_id: int, connection_id: str) -> bool:
    """True if they were away."""
    return presence.connect(user_id=user_id, connection_id=connection_id).came_online


def depart(*, connection_id: str) -> None:
    """If that was their last connection, they are seen off by some process after the grace."""
    presence.disconnect(connection_id=connection_id)


def see_off() -> set[int]:
    """Returns who is away for good."""
    return presence.farewells()


def beat() -> set[int]:
    """Keeps this process's people here, and finds those whose process died. Returns who changed."""
    return presence.heartbeat() | presence.sweep()


def leave() -> None:
    """This process stops serving. Another one tells it, if its people do not turn up there."""
    store_last_seen(user_ids=presence.leave())


def set_activity(*, connection_id: str, state: str) -> bool:
    """True if that changes how the person is seen, over all of their devices."""
    change = presence.set_state(connection_id=connection_id, state=presence.State(state))
    return change is not None and change.before != change.after


def tell_changes(*, user_ids: Iterable[int]) -> None:
    """These came or went; what is told is what is so now."""
    store_last_seen(user_ids=user_ids)
    announce_statuses(user_ids=user_ids)
