"""Conversations as one viewer sees them: the list, one row, and one in full."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import DateTimeField, QuerySet

from accounts.models import User
from accounts.viewer import GIVEN_VIEWER, viewer_values
from chatproject.errors import NotFound
from chatproject.events import (
    ConversationDetail,
    ConversationShape,
    ConversationsPage,
    ConversationsQuery,
)
from chatproject.keyset import decode_cursor, encode_cursor
from chatproject.prepared import Given, GivenIds, prepared
from conversations import policies
from conversations.models import Message, Participant
from conversations.plain import PlainMessage, PlainPlace, Row
from conversations.querysets import ParticipantQuerySet
from conversations.serializers import conversation_shape, participant_shapes
from conversations.services.contacts import contacts_by_id
from conversations.services.mentions import groups_with_unread_mention
from conversations.services.others import others_in

# Marks the cursor of a page that ends among the pinned ones.
PINNED = "pinned."


def page_of_conversations(*, actor: User, query: ConversationsQuery) -> ConversationsPage:
    """Pinned ones first, then by last activity, by keyset: as many queries for few as for many."""
    limit = query.limit
    found = [PlainPlace._make(row) for row in _rows(actor, query, limit + 1)]
    page = found[:limit]
    return ConversationsPage(
        conversations=conversation_shapes(actor, page),
        next_cursor=_cursor_behind(page[-1]) if len(found) > limit else None,
    )


def archived_ids(*, actor: User) -> list[int]:
    archived = Participant.objects.visible_to(actor).exclude(archived_at=None)
    return list(archived.values_list("conversation_id", flat=True))


def conversation_in_full(*, actor: User, conversation_id: int) -> ConversationDetail:
    """With all participants, those who left included: their messages are there too."""
    places = places_by_id(actor=actor, conversation_ids=[conversation_id])
    if not places:
        raise NotFound
    (shape,) = conversation_shapes(actor, places)
    participants = Participant.objects.filter(conversation_id=conversation_id)
    people = participant_shapes(places[0], participants.select_related("user").order_by("pk"))
    return ConversationDetail(**dict(shape), participants=people)


def places_by_id(*, actor: User, conversation_ids: Sequence[int]) -> list[PlainPlace]:
    """Own places in these, newest first."""
    rows = _by_id().rows(conversation_ids=conversation_ids, **viewer_values(actor))
    return [PlainPlace._make(row) for row in rows]


def conversation_shapes(actor: User, places: Sequence[PlainPlace]) -> list[ConversationShape]:
    """A constant number of queries for however many."""
    if not places:
        return []
    others = others_in([place.conversation_id for place in places], user_id=actor.pk)
    peers = contacts_by_id(
        actor=actor, user_ids=[place.peer_id for place in places if place.peer_id is not None]
    )
    closed = policies.people_closed_to(actor, peers.values())
    shown = _shown_messages(places)
    mentioning = _with_mention(actor, places)
    return [
        conversation_shape(
            place,
            others=others[place.conversation_id],
            peer=peers.get(place.peer_id or 0),
            last_message=shown.get(place.shown_message_id or 0),
            has_mention=place.conversation_id in mentioning,
            can_post=place.is_current
            and policies.may_speak(place.role, place.conversation__who_may_post)
            and place.peer_id not in closed,
        )
        for place in places
    ]


def _rows(actor: User, query: ConversationsQuery, limit: int) -> Sequence[Row]:
    behind, values = _behind(query.cursor)
    if query.search:
        # Whoever looks for a name finds it wherever it was put.
        found = Participant.objects.visible_to(actor).named_like(query.search)
        wanted = found if query.filter == "all" else found.filtered(query.filter)
        return list(_from_place(wanted, behind, values).as_rows()[:limit])
    return _filtered(query.filter, behind, limit).rows(**values, **viewer_values(actor))


@prepared
def _filtered(name: str, behind: str, limit: int) -> QuerySet[Participant, Row]:
    wanted = Participant.objects.visible_to(GIVEN_VIEWER).filtered(name)
    activity_at = Given("activity_at", DateTimeField())
    place = {"activity_at": activity_at, "conversation_id": Given("conversation_id")}
    return _from_place(wanted, behind, place).as_rows()[:limit]


def _from_place(
    wanted: ParticipantQuerySet, behind: str, place: dict[str, Any]
) -> ParticipantQuerySet:
    places = wanted.pinned_first()
    return places.after_place(is_pinned=behind == PINNED, **place) if behind else places


def _behind(cursor: str | None) -> tuple[str, dict[str, Any]]:
    """In which part of the list the page begins, and behind which place of it."""
    if not cursor:
        return "", {}
    activity_at, pk = decode_cursor(cursor.removeprefix(PINNED))
    behind = PINNED if cursor.startswith(PINNED) else "others"
    return behind, {"activity_at": activity_at, "conversation_id": pk}


def _cursor_behind(place: PlainPlace) -> str:
    cursor = encode_cursor(place.activity_at, place.conversation_id)
    return f"{PINNED}{cursor}" if place.pinned_at else cursor


@prepared
def _by_id() -> QuerySet[Participant, Row]:
    places = Participant.objects.visible_to(GIVEN_VIEWER)
    wanted = places.filter(conversation_id__among=GivenIds("conversation_ids"))
    return wanted.newest_first().as_rows()


def _with_mention(actor: User, places: Sequence[PlainPlace]) -> set[int]:
    """Who writes to one person means that person anyway."""
    groups = [one for one in places if one.unread_count and one.conversation__kind == "group"]
    ids = [one.conversation_id for one in groups]
    return groups_with_unread_mention(actor=actor, conversation_ids=ids) if ids else set()


def _shown_messages(places: Sequence[PlainPlace]) -> dict[int, PlainMessage]:
    wanted = [place.shown_message_id for place in places if place.shown_message_id is not None]
    rows = _messages_by_id().rows(message_ids=wanted) if wanted else []
    return {message.id: message for message in map(PlainMessage._make, rows)}


@prepared
def _messages_by_id() -> QuerySet[Message, Row]:
    return Message.objects.filter(pk__among=GivenIds("message_ids")).order_by().as_rows()
