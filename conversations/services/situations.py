"""In what situation somebody is towards something that they may have to be told of.

Gathers what `notifications.decide` asks for, for however many people, in a fixed number of queries.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from accounts import presence
from accounts.models import Block, User
from conversations.models import Message, Participant
from conversations.services.mentions import mentions
from notifications.decide import Decision, Situation, decide
from notifications.models import Notification, PushSubscription
from notifications.preferences import preferences_among
from notifications.quiet_hours import is_quiet


class Circumstances:
    """What is so now of these people, and between them and those who wrote."""

    def __init__(
        self, people: Collection[User], *, sender_ids: Collection[int], now: datetime
    ) -> None:
        ids = {person.pk for person in people}
        self.now = now
        self.preferences = preferences_among(ids)
        self.present = presence.active_among(ids)
        self.reachable = set(
            PushSubscription.objects.live().filter(user__in=ids).values_list("user_id", flat=True)
        )
        blocks = Block.objects.filter(blocker__in=ids, blocked__in=sender_ids)
        self.blocks = set(blocks.values_list("blocker_id", "blocked_id"))

    def of_message(
        self, place: Participant, message: Message, *, is_mention: bool = False
    ) -> Decision:
        """`is_mention`: an earlier one that is told together with this one mentioned the person."""
        kind = "mention" if is_mention or mentions(message, place.user) else "message"
        return self._decide(
            place.user,
            kind,
            is_own=message.sender_id == place.user_id,
            is_member=is_there(place, message.seq),
            is_deleted=message.deleted_at is not None,
            is_blocked=(place.user_id, message.sender_id) in self.blocks,
            is_read=message.seq <= place.private_read_seq,
            # Whose device never confirmed it only seems to be here: the network may be gone.
            is_present=place.user_id in self.present and message.seq <= place.delivered_seq,
            is_muted=place.is_muted(at=self.now),
            level=place.level,
        )

    def of_notification(self, notification: Notification, place: Participant | None) -> Decision:
        return self._decide(
            notification.user,
            notification.kind,
            is_present=notification.user_id in self.present,
            is_member=notification.conversation_id is None or bool(place and place.is_current),
            is_read=notification.read_at is not None,
        )

    def _decide(self, person: User, kind: str, **known: Any) -> Decision:
        preferences = self.preferences[person.pk]
        return decide(
            Situation(
                kind=kind,
                is_deactivated=not person.is_active,
                wants_kind=preferences.wants(channel="push", kind=kind),
                is_quiet=is_quiet(preferences, time_zone=person.time_zone, now=self.now),
                has_device=person.pk in self.reachable,
                wants_preview=preferences.preview,
                **known,
            )
        )


def is_there(place: Participant, seq: int) -> bool:
    """Was the person a member when it was said, and is one now?"""
    was_away = any(first <= seq <= last for first, last in place.absences)
    return place.is_current and not was_away
