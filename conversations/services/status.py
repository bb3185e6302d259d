"""Telling people that somebody came or went: those who share a conversation and may see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from accounts import presence
from accounts.models import User
from accounts.privacy import Sight, sights_from
from conversations import broadcasts
from conversations.services.contacts import OFFLINE, people_around, presence_shape

# Thousands may come at once; what is known of the people around them is kept for so many.
TOGETHER = 100


def announce_statuses(*, user_ids: Iterable[int]) -> None:
    """Tells each one's status as it is now, to each what they may see of it."""
    waiting = sorted(set(user_ids))
    for start in range(0, len(waiting), TOGETHER):
        _announce(User.objects.in_bulk(waiting[start : start + TOGETHER]))


def _announce(subjects: Mapping[int, User]) -> None:
    statuses = presence.status_of(subjects)
    around = people_around(subjects.keys())
    people = User.objects.active().in_bulk(set().union(*around.values()))
    for pk, subject in subjects.items():
        viewers = [people[other] for other in around[pk] & people.keys()]
        _tell(pk, statuses.get(pk, OFFLINE), sights_from(viewers, subject))


def _tell(user_id: int, status: presence.Presence, sights: Mapping[int, Sight]) -> None:
    """At most three different events."""
    told = defaultdict(list)
    for viewer_id, sight in sights.items():
        if sight.online or sight.last_seen:
            told[sight.online, sight.last_seen].append(viewer_id)
    for (online, last_seen), viewer_ids in told.items():
        sight = Sight(online=online, last_seen=last_seen, photo=False, about=False)
        broadcasts.user_status_changed(presence_shape(user_id, status, sight), to=viewer_ids)
