"""Rows to wire shapes: one function per shape, shared by viewsets, consumer and broadcasts.

None of them queries: what they need is fetched before, in a constant number of queries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import User
from accounts.shapes import person_shape
from chatproject.events import (
    ContactShape,
    ConversationShape,
    ConversationSummary,
    MessageShape,
    ParticipantShape,
    PointersShape,
    Preferences,
    QuoteShape,
    SystemLine,
)
from conversations.models import Conversation, Message, Participant

QUOTE_LENGTH = 160


@dataclass(frozen=True)
class Standing:
    """How far everybody has got, as one viewer may know it: what the ticks of messages derive from."""

    viewer_id: int
    read_seq: int
    delivered_to_all_seq: int
    read_by_all_seq: int
    # When the message of a seq was read: own messages by the other person, theirs by the viewer.
    read_at: Mapping[int, datetime] = field(default_factory=dict)


def message_shape(message: Message, standing: Standing | None = None) -> MessageShape:
    """Without a standing: viewer-neutral, as it goes out in the moment it is sent."""
    return MessageShape(
        id=message.pk,
        conversation_id=message.conversation_id,
        seq=message.seq,
        version=message.version,
        kind=message.kind,
        sender_id=message.sender_id,
        sender=person_shape(message.sender),
        content=message.content,
        system=SystemLine.model_validate(message.system) if message.system else None,
        reply_to=_quote(message.reply_to) if message.reply_to else None,
        client_id=message.client_id,
        created_at=message.created_at,
        updated_at=message.updated_at,
        edited_at=message.edited_at,
        deleted_at=message.deleted_at,
        **(_ticks(message, standing) if standing else {}),
    )


def _ticks(message: Message, standing: Standing) -> dict[str, object]:
    if message.sender_id == standing.viewer_id:
        is_delivered = message.seq <= standing.delivered_to_all_seq
        is_read = message.seq <= standing.read_by_all_seq
    else:
        is_delivered = True
        is_read = message.seq <= standing.read_seq
    read_at = standing.read_at.get(message.seq) if is_read else None
    return {"is_delivered": is_delivered, "is_read": is_read, "read_at": read_at}


def _quote(message: Message) -> QuoteShape:
    return QuoteShape(
        id=message.pk,
        seq=message.seq,
        sender_id=message.sender_id,
        sender_name=message.sender.display_name,
        content=message.content[:QUOTE_LENGTH],
        is_deleted=message.deleted_at is not None,
    )


def participant_shape(participant: Participant) -> ParticipantShape:
    return ParticipantShape(
        user=person_shape(participant.user),
        role=participant.role,
        is_current=participant.is_current,
        delivered_seq=participant.delivered_seq,
        read_seq=participant.read_seq,
        version=participant.version,
    )


def pointers_shape(place: Participant) -> PointersShape:
    return PointersShape(
        conversation_id=place.conversation_id,
        delivered_seq=place.delivered_seq,
        read_seq=place.private_read_seq,
    )


def preferences(place: Participant) -> Preferences:
    return Preferences(
        pinned_at=place.pinned_at,
        archived_at=place.archived_at,
        muted_until=place.muted_until,
        level=place.level,
    )


def participant_shapes(
    viewer: Participant, participants: Iterable[Participant]
) -> list[ParticipantShape]:
    """As the viewer may see them: whoever left sees the group's people as they were then."""
    if viewer.left_at is None:
        return [participant_shape(one) for one in participants]
    return [
        _as_seen_by_left(one, viewer) for one in participants if one.joined_at <= viewer.left_at
    ]


def _as_seen_by_left(one: Participant, viewer: Participant) -> ParticipantShape:
    assert viewer.left_at is not None
    assert viewer.left_seq is not None
    was_member = one.left_at is None or one.left_at > viewer.left_at
    until_then = {
        "is_current": was_member,
        "delivered_seq": min(one.delivered_seq, viewer.left_seq),
        "read_seq": min(one.read_seq, viewer.left_seq),
    }
    return participant_shape(one).model_copy(update=until_then)


def conversation_summary(conversation: Conversation, *, member_count: int) -> ConversationSummary:
    return ConversationSummary(
        id=conversation.pk,
        kind=conversation.kind,
        title=conversation.title,
        created_by_id=conversation.created_by_id,
        created_at=conversation.created_at,
        updated_at=conversation.updated_at,
        last_message_at=conversation.last_message_at,
        last_seq=conversation.last_seq,
        version=conversation.version,
        member_count=member_count,
    )


def conversation_shape(
    place: Participant,
    *,
    peer: ContactShape | None,
    last_message: MessageShape | None,
    can_post: bool,
) -> ConversationShape:
    """For a row from `as_list_rows`. Whoever left sees the conversation as it was then."""
    summary = conversation_summary(
        place.conversation,
        member_count=place.other_count + place.is_current,  # type: ignore[attr-defined]
    )
    frozen = {} if place.is_current else _as_it_was(place)
    return ConversationShape(
        **dict(summary) | frozen | dict(preferences(place)),
        peer=peer,
        last_message=last_message,
        unread_count=place.unread_count,  # type: ignore[attr-defined]
        read_seq=place.private_read_seq,
        delivered_seq=place.delivered_seq,
        delivered_to_all_seq=place.delivered_to_all_seq,  # type: ignore[attr-defined]
        read_by_all_seq=place.read_by_all_seq,  # type: ignore[attr-defined]
        role=place.role,
        is_member=place.is_current,
        can_post=can_post,
    )


def _as_it_was(place: Participant) -> dict[str, object]:
    return {
        "last_seq": place.left_seq,
        "version": place.left_version,
        "updated_at": place.left_at,
        "last_message_at": place.left_at,
    }


def system_line(event: str, people: list[User], **details: str) -> dict[str, object]:
    """What `Message.system` holds; names are kept, since a reader may not know all the people."""
    line = SystemLine(
        event=event,
        user_ids=[person.pk for person in people],
        names=[person.display_name for person in people],
        **details,
    )
    return line.as_json()
