"""Coming, going and being idle: what accounts knows of it is told to those whom it concerns.

None of it is worth an error to anybody: presence is a hint that heals by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from accounts import presence
from accounts.services.presence import store_last_seen
from conversations.services.status import announce_status

logger = logging.getLogger(__name__)


def arrive(*, user_id: int, connection_id: str) -> None:
    if presence.connect(user_id=user_id, connection_id=connection_id).came_online:
        _store_and_announce([user_id])


def depart(*, connection_id: str) -> int | None:
    """The person, if that was their last connection. Nobody is told yet: a page may just be reloading."""
    change = presence.disconnect(connection_id=connection_id)
    return change.user_id if change and change.went_offline else None


def confirm_departures(*, user_ids: Iterable[int]) -> None:
    """A while after `depart`: of these, tell who is still away."""
    _store_and_announce(presence.offline_among(user_ids))


def set_activity(*, user_id: int, connection_id: str, state: str) -> None:
    change = presence.set_state(connection_id=connection_id, state=presence.State(state))
    if change and change.before != change.after:
        announce_status(user_id=user_id)


def beat() -> None:
    """Keeps this process's people here, and sees off those whose process died."""
    _store_and_announce({*presence.heartbeat(), *presence.sweep()})


def leave() -> None:
    """This process stops serving."""
    _store_and_announce(presence.leave())


def _store_and_announce(user_ids: Iterable[int]) -> None:
    changed = list(user_ids)
    if not changed:
        return
    store_last_seen(user_ids=changed)
    for user_id in changed:
        announce_status(user_id=user_id)
