"""Notifying those who are not here of what was said, exactly once for each message: in the app now, and on
their devices when the outbox is due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import presence
from chatproject.events import NewMessage
from conversations.models import Conversation, Message, Participant
from conversations.outside import Happening, hand_on, listening_bots
from conversations.querysets import ConversationQuerySet
from conversations.serializers import message_shape
from conversations.services.situations import is_there
from notifications.outbox import announce_messages, is_set_up
from notifications.services import notify_new_messages

# Older than this, news were left behind by a process that died.
OVERDUE = timedelta(seconds=10)
OVERDUE_AT_ONCE = 500


def notify_of_news(*, conversation_ids: Collection[int]) -> None:
    """Of all messages after `notified_seq`: whoever is offline and has not read them. Twice does no harm.

    Where everybody is here nothing is locked, so that those who go on sending do not wait. (Who is here may
    be gone in a moment: with devices to tell, that is decided later, and each message has to get there once.)
    """
    with_news = Conversation.objects.with_news().filter(pk__in=conversation_ids)
    last_seqs = dict(with_news.values_list("pk", "last_seq"))
    lonely = set(last_seqs) if is_set_up() else _with_somebody_to_tell(last_seqs)
    _note_that_nobody_waits({pk: seq for pk, seq in last_seqs.items() if pk not in lonely})
    if lonely:
        _notify(with_news.filter(pk__in=lonely))


def _with_somebody_to_tell(conversation_ids: Iterable[int]) -> set[int]:
    """A person who is not here, or a bot for which a program listens."""
    places = Participant.objects.current().filter(conversation__in=conversation_ids)
    members = list(places.values_list("conversation_id", "user_id", "user__kind"))
    people = {user_id for _conversation_id, user_id, kind in members if kind == "person"}
    told = {*presence.offline_among(people), *listening_bots()}
    return {conversation_id for conversation_id, user_id, _kind in members if user_id in told}


def _note_that_nobody_waits(last_seqs: Mapping[int, int]) -> None:
    """Up to what we saw: there may be more by now, for the next round.

    So is what somebody writes to in this moment: nobody who sends waits for this, and this for nobody.
    """
    with transaction.atomic():
        free = (
            Conversation.objects.filter(pk__in=last_seqs)
            .select_for_update(no_key=True, skip_locked=True)
            .order_by("pk")
        )
        for each in (conversations := list(free.only("pk", "notified_seq"))):
            each.notified_seq = max(each.notified_seq, last_seqs[each.pk])
        Conversation.objects.bulk_update(conversations, ["notified_seq"])


def _notify(with_news: ConversationQuerySet) -> None:
    with transaction.atomic():
        locked = {each.pk: each for each in with_news.select_for_update(no_key=True).order_by("pk")}
        messages = _messages(locked)
        places = _places(messages)
        notify_new_messages(news=_news(messages, places))
        announce_messages(chain.from_iterable(messages.values()))
        hand_on(*_happenings(messages, places))
        Conversation.objects.filter(pk__in=locked).update(notified_seq=F("last_seq"))


def notify_of_overdue_news() -> None:
    """For when a process died between storing and notifying."""
    conversations = Conversation.objects.with_news().filter(
        last_message_at__lt=timezone.now() - OVERDUE
    )
    overdue = list(conversations.values_list("pk", flat=True)[:OVERDUE_AT_ONCE])
    if overdue:
        notify_of_news(conversation_ids=overdue)


def _places(conversation_ids: Iterable[int]) -> list[Participant]:
    places = Participant.objects.current().annotate(kind=F("user__kind"))
    return list(places.filter(conversation__in=conversation_ids))


def _news(
    messages: Mapping[int, list[Message]], places: Iterable[Any]
) -> dict[tuple[int, int], list[Message]]:
    """By conversation and person."""
    people = [place for place in places if place.kind == "person"]
    offline = set(presence.offline_among({place.user_id for place in people}))
    news = {
        (place.conversation_id, place.user_id): _unread(place, messages[place.conversation_id])
        for place in people
        if place.user_id in offline
    }
    return {place: unread for place, unread in news.items() if unread}


def _happenings(
    messages: Mapping[int, list[Message]], places: Iterable[Participant]
) -> Iterator[Happening]:
    """What the bots hear for which a program listens: nothing of the time before they came."""
    bots = listening_bots()
    for place in places:
        if place.user_id not in bots:
            continue
        for message in messages[place.conversation_id]:
            if is_there(place, message.seq):
                event = NewMessage.of(message_shape(message))
                yield Happening(event, [place.user_id], message.pk, by=message.sender_id)


def _messages(conversations: dict[int, Conversation]) -> dict[int, list[Message]]:
    messages: dict[int, list[Message]] = defaultdict(list)
    found = Message.objects.filter(
        conversation__in=conversations.keys(),
        seq__gt=F("conversation__notified_seq"),
        kind=Message.Kind.TEXT,
        deleted_at=None,
    )
    for message in found.with_people():
        message.conversation = conversations[message.conversation_id]
        messages[message.conversation_id].append(message)
    return messages


def _unread(place: Participant, messages: Iterable[Message]) -> list[Message]:
    """Whoever came (back) since has their pointer behind what they do not see."""
    return [
        message
        for message in messages
        if message.seq > place.private_read_seq and message.sender_id != place.user_id
    ]
