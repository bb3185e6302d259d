"""Who is meant by name. Looked for when people are told of a message, so that sending costs nothing more."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from accounts import presence
from accounts.models import User
from conversations.models import Conversation, Message, Participant
from notifications.services import notify_mentions


def mentions(message: Message, person: User) -> bool:
    """By name after an @, or by replying to what they wrote."""
    if message.reply_to is not None and message.reply_to.sender_id == person.pk:
        return True
    if "@" not in message.content:
        return False
    named = rf"@{re.escape(person.display_name)}(?!\w)"
    return re.search(named, message.content, re.IGNORECASE) is not None


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
