"""From what was said to who is told: the outbox, decided when it is due.

All of it is one transaction without any effect outside, so a worker that is killed leaves it as it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from conversations.models import Message, Participant
from conversations.services.mentions import note_mentions
from conversations.services.situations import Circumstances
from notifications.decide import Decision, Outcome
from notifications.deliveries import Plan, plan, tag_of_conversation, tag_of_notification
from notifications.models import Notification, OutboxEntry, PushDecision, PushSubscription

BATCH = 1000
# Of PostgreSQL: whoever holds it empties the outbox. Two at once would each tell half of a burst.
ADVISORY_LOCK = 0x7061726C6579

Decided = list[tuple[Message, Decision]]


def announce_due(*, now: datetime) -> int:
    """How many causes were decided; at most one worker does it at a time."""
    if not OutboxEntry.objects.filter(due_at__lte=now).exists():
        return 0
    with transaction.atomic():
        if not _is_ours():
            return 0
        entries = list(OutboxEntry.objects.filter(due_at__lte=now).order_by("due_at", "pk")[:BATCH])
        _tell_of_messages([each.message_id for each in entries if each.message_id], now)
        _tell_of_notifications(
            [each.notification_id for each in entries if each.notification_id], now
        )
        OutboxEntry.objects.filter(pk__in=[each.pk for each in entries]).delete()
    return len(entries)


def _is_ours() -> bool:
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ADVISORY_LOCK])
        return bool(cursor.fetchone()[0])


# --- Messages ----------------------------------------------------------------------------------


def _tell_of_messages(ids: Sequence[int], now: datetime) -> None:
    messages = _messages_by_conversation(ids)
    if not messages:
        return
    note_mentions(messages)
    places = reachable_places(messages)
    senders = {message.sender_id for said in messages.values() for message in said}
    circumstances = Circumstances([place.user for place in places], sender_ids=senders, now=now)
    decided = [
        (
            place,
            [
                (one, circumstances.of_message(place, one))
                for one in messages[place.conversation_id]
            ],
        )
        for place in places
    ]
    PushDecision.objects.bulk_create(
        row for place, decisions in decided for row in _log(place, decisions, now)
    )
    plan([each for place, decisions in decided for each in _plans(place, decisions)], now=now)


def _messages_by_conversation(ids: Sequence[int]) -> dict[int, list[Message]]:
    messages: dict[int, list[Message]] = defaultdict(list)
    found = Message.objects.filter(pk__in=ids).select_related("sender", "reply_to")
    for message in found.order_by("conversation_id", "seq"):
        messages[message.conversation_id].append(message)
    return messages


def reachable_places(conversation_ids: Iterable[int]) -> list[Participant]:
    """Of members who have a device that can be reached: nobody else costs anything."""
    devices = PushSubscription.objects.live().filter(user_id=OuterRef("user_id"))
    return list(
        Participant.objects.current()
        .filter(Exists(devices), conversation_id__in=list(conversation_ids))
        .select_related("user")
    )


def _log(place: Participant, decided: Decided, now: datetime) -> Iterable[PushDecision]:
    """One row for each run of messages about which the same was decided for the same reason."""
    for decision, run in groupby(decided, key=itemgetter(1)):
        messages = [message for message, _decision in run]
        yield PushDecision(
            user_id=place.user_id,
            conversation_id=place.conversation_id,
            from_seq=messages[0].seq,
            to_seq=messages[-1].seq,
            outcome=decision.outcome,
            reason=decision.reason,
            decided_at=now,
        )


def _plans(place: Participant, decided: Decided) -> Iterable[Plan]:
    told = [(message, each) for message, each in decided if each.outcome == Outcome.PUSH]
    if told:
        yield Plan(
            user_id=place.user_id,
            tag=tag_of_conversation(place.conversation_id),
            message_id=told[-1][0].pk,
            is_mention=any(each.reason == "mentioned" for _message, each in told),
        )


# --- Notifications -----------------------------------------------------------------------------


def _tell_of_notifications(ids: Sequence[int], now: datetime) -> None:
    notifications = list(Notification.objects.filter(pk__in=ids).select_related("user"))
    if not notifications:
        return
    places = places_of(notifications)
    people = [notification.user for notification in notifications]
    circumstances = Circumstances(people, sender_ids=[], now=now)
    decided = [
        (
            each,
            circumstances.of_notification(each, places.get((each.conversation_id, each.user_id))),
        )
        for each in notifications
    ]
    PushDecision.objects.bulk_create(_log_of(each, decision, now) for each, decision in decided)
    plan(
        [
            Plan(user_id=each.user_id, tag=tag_of_notification(each), notification=each)
            for each, decision in decided
            if decision.outcome == Outcome.PUSH
        ],
        now=now,
    )


def _log_of(notification: Notification, decision: Decision, now: datetime) -> PushDecision:
    return PushDecision(
        user_id=notification.user_id,
        conversation_id=notification.conversation_id,
        notification=notification,
        outcome=decision.outcome,
        reason=decision.reason,
        decided_at=now,
    )


def places_of(
    notifications: Iterable[Notification],
) -> dict[tuple[int | None, int], Participant]:
    found = Participant.objects.filter(
        conversation_id__in={
            each.conversation_id for each in notifications if each.conversation_id
        },
        user_id__in={each.user_id for each in notifications},
    )
    return {(place.conversation_id, place.user_id): place for place in found}
