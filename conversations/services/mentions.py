"""Who is meant by name. Looked for when people are told of a message, so that sending costs nothing more."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.db.models import F, Q, QuerySet

from accounts import presence
from accounts.models import User
from chatproject.prepared import Given, GivenIds, prepared
from conversations.models import Conversation, Message, Participant
from conversations.plain import Row
from conversations.querysets import MAY_MENTION
from notifications.services import notify_mentions


def mentions(message: Message, person: User) -> bool:
    """By name after an @, or by replying to what they wrote."""
    is_answer = message.reply_to is not None and message.reply_to.sender_id == person.pk
    return is_answer or _names(message.content, person)


def groups_with_unread_mention(*, actor: User, conversation_ids: Collection[int]) -> set[int]:
    """Those of them in which somebody mentions the actor, who has not read it yet."""
    found = _unread_candidates().rows(conversation_ids=conversation_ids, user_id=actor.pk)
    return {
        conversation_id
        for conversation_id, content, answered_id in found
        if answered_id == actor.pk or _names(content, actor)
    }


@prepared
def _unread_candidates() -> QuerySet[Message, Row]:
    place = "conversation__participants__"
    reader = Given("user_id")
    messages = Message.objects.filter(
        MAY_MENTION,
        Q(**{f"{place}left_seq": None}) | Q(seq__lte=F(f"{place}left_seq")),
        **{f"{place}user_id": reader, "seq__gt": F(f"{place}private_read_seq")},
        conversation_id__among=GivenIds("conversation_ids"),
        kind=Message.Kind.TEXT,
        deleted_at=None,
    )
    shown = messages.exclude(sender_id=reader).not_hidden_from(reader)
    return shown.order_by().values_list("conversation_id", "content", "reply_to__sender_id")


def _names(content: str, person: User) -> bool:
    """Also in static/js/models/mentions.js."""
    if "@" not in content:
        return False
    named = rf"@{re.escape(person.display_name)}(?!\w)"
    return re.search(named, content, re.IGNORECASE) is not None


def note_mentions(messages: Mapping[int, Sequence[Message]]) -> None:
    """Whoever is away, and has not read it yet, finds it among their notifications."""
    candidates = {
        conversation_id: [each for each in said if may_mention(each)]
        for conversation_id, said in messages.items()
    }
    wanted = [conversation_id for conversation_id, said in candidates.items() if said]
    if not wanted:
        return
    mentioned: dict[Message, list[int]] = defaultdict(list)
    # Reading waits for these locks, and then clears what was noted.
    for conversation in _locked(wanted):
        for message in candidates[conversation.pk]:
            message.conversation = conversation
    for place in _away(wanted):
        for message in candidates[place.conversation_id]:
            if _is_news(message, place):
                mentioned[message].append(place.user_id)
    notify_mentions(mentioned=mentioned)


def may_mention(message: Message) -> bool:
    return message.deleted_at is None and ("@" in message.content or message.reply_to is not None)


def _locked(conversation_ids: Sequence[int]) -> list[Conversation]:
    rows = Conversation.objects.select_for_update(no_key=True).filter(pk__in=conversation_ids)
    return list(rows.order_by("pk"))


def _away(conversation_ids: Sequence[int]) -> list[Participant]:
    places = Participant.objects.current().filter(conversation_id__in=conversation_ids)
    found = list(places.select_related("user"))
    offline = set(presence.offline_among({place.user_id for place in found}))
    return [place for place in found if place.user_id in offline]


def _is_news(message: Message, place: Participant) -> bool:
    return (
        message.sender_id != place.user_id
        and message.seq > place.private_read_seq
        and mentions(message, place.user)
    )
