"""Telling people that somebody came or went: those who share a conversation and may see it."""

from __future__ import annotations

from collections import defaultdict

from accounts import presence
from accounts.models import User
from accounts.privacy import sights_from
from conversations import broadcasts
from conversations.services.contacts import (
    OFFLINE,
    people_sharing_a_conversation,
    presence_shape,
)


def announce_status(*, user_id: int) -> None:
    """Tells the status as it is now, to each what they may see of it; at most three different events."""
    subject = User.objects.filter(pk=user_id).first()
    if subject is None:
        return
    status = presence.status_of([user_id]).get(user_id, OFFLINE)
    viewers = list(people_sharing_a_conversation(subject))
    sights = sights_from(viewers, subject)
    told = defaultdict(list)
    for viewer in viewers:
        sight = sights[viewer.pk]
        if sight.online or sight.last_seen:
            told[presence_shape(user_id, status, sight)].append(viewer.pk)
    for shape, viewer_ids in told.items():
        broadcasts.user_status_changed(shape, to=viewer_ids)
