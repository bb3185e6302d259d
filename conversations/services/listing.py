"""Conversations as one viewer sees them: the list, one row, and one in full."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Q

from accounts.models import User
from chatproject.errors import NotFound
from chatproject.events import (
    ContactShape,
    ConversationDetail,
    ConversationShape,
    ConversationsPage,
    ConversationsQuery,
    MessageShape,
)
from chatproject.keyset import decode_cursor, encode_cursor
from conversations import policies
from conversations.models import Message, Participant
from conversations.querysets import ParticipantQuerySet
from conversations.serializers import (
    Standing,
    conversation_shape,
    message_shape,
    participant_shapes,
)
from conversations.services.contacts import contact_shapes

# Marks the cursor of a page that ends among the pinned ones.
PINNED = "pinned."


def page_of_conversations(*, actor: User, query: ConversationsQuery) -> ConversationsPage:
    """Pinned ones first, then by last activity, by keyset: as many queries for few as for many."""
    places = _wanted(actor, query).pinned_first()
    if query.cursor:
        is_pinned = query.cursor.startswith(PINNED)
        activity_at, pk = decode_cursor(query.cursor.removeprefix(PINNED))
        places = places.after_place(
            is_pinned=is_pinned, activity_at=activity_at, conversation_id=pk
        )
    limit = query.limit
    found = list(places.as_list_rows()[: limit + 1])
    page = found[:limit]
    return ConversationsPage(
        conversations=conversation_shapes(actor, page),
        next_cursor=_cursor_behind(page[-1]) if len(found) > limit else None,
    )


def _wanted(actor: User, query: ConversationsQuery) -> ParticipantQuerySet:
    places = Participant.objects.visible_to(actor)
    if not query.search:
        return places.filtered(query.filter)
    # Whoever looks for a name finds it wherever it was put.
    found = places.named_like(query.search)
    return found if query.filter == "all" else found.filtered(query.filter)


def conversation_in_full(*, actor: User, conversation_id: int) -> ConversationDetail:
    """With all participants, those who left included: their messages are there too."""
    places = Participant.objects.visible_to(actor).filter(conversation_id=conversation_id)
    place = places.newest_first().as_list_rows().first()
    if place is None:
        raise NotFound
    (shape,) = conversation_shapes(actor, [place])
    participants = place.conversation.participants.select_related("user").order_by("pk")
    return ConversationDetail(**dict(shape), participants=participant_shapes(place, participants))


def conversation_shapes(actor: User, rows: Collection[Participant]) -> list[ConversationShape]:
    """For rows from `as_list_rows`: a constant number of queries for however many."""
    peers = {place.pk: peer for place in rows if (peer := policies.other_person(place))}
    contacts = contact_shapes(actor, peers.values())
    closed = policies.people_closed_to(actor, peers.values())
    last_messages = _last_messages_of_left(rows)
    return [
        conversation_shape(
            place,
            peer=_contact_of(contacts, peers.get(place.pk)),
            last_message=_last_message(place, last_messages),
            can_post=place.is_current and getattr(peers.get(place.pk), "pk", None) not in closed,
        )
        for place in rows
    ]


def _contact_of(contacts: dict[int, ContactShape], peer: User | None) -> ContactShape | None:
    return contacts[peer.pk] if peer else None


def _last_message(place: Participant, of_left: dict[int, Message]) -> MessageShape | None:
    message = (
        place.conversation.last_message if place.is_current else of_left.get(place.conversation_id)
    )
    if message is None:
        return None
    standing = Standing(
        viewer_id=place.user_id,
        read_seq=place.private_read_seq,
        delivered_to_all_seq=place.delivered_to_all_seq,  # type: ignore[attr-defined]
        read_by_all_seq=place.read_by_all_seq,  # type: ignore[attr-defined]
    )
    return message_shape(message, standing)


def _last_messages_of_left(rows: Iterable[Participant]) -> dict[int, Message]:
    """Who left does not see the conversation's last message, but the last one of their time."""
    wanted = Q(pk__in=[])
    for place in rows:
        if not place.is_current:
            wanted |= Q(conversation_id=place.conversation_id, seq=place.left_seq)
    return {
        message.conversation_id: message for message in Message.objects.filter(wanted).with_people()
    }


def _cursor_behind(place: Participant) -> str:
    cursor = encode_cursor(place.activity_at, place.conversation_id)  # type: ignore[attr-defined]
    return f"{PINNED}{cursor}" if place.pinned_at else cursor
