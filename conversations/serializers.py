"""Rows to wire shapes: one function per shape, shared by viewsets, consumer and broadcasts.

None of them queries: what they need is fetched before, in a constant number of queries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse

from accounts.models import User
from accounts.shapes import person_card, person_shape
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
from conversations.plain import Others, PlainMessage, PlainOwn, PlainPlace, plain_message

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


def message_shape(
    message: Message | PlainMessage, standing: Standing | None = None
) -> MessageShape:
    """Without a standing: viewer-neutral, as it goes out in the moment it is sent."""
    row = message if isinstance(message, PlainMessage) else plain_message(message)
    return MessageShape(
        id=row.id,
        conversation_id=row.conversation_id,
        seq=row.seq,
        version=row.version,
        kind=row.kind,
        sender_id=row.sender_id,
        sender=person_card(
            row.sender_id,
            row.sender__display_name,
            row.sender__avatar,
            row.sender__role,
            row.sender__is_active,
            row.sender__kind == "bot",
        ),
        content=row.content,
        system=SystemLine.model_validate(row.system) if row.system else None,
        reply_to=_quote(row) if row.reply_to_id else None,
        client_id=row.client_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        edited_at=row.edited_at,
        deleted_at=row.deleted_at,
        **(_ticks(row, standing) if standing else {}),
    )


def _ticks(row: PlainMessage, standing: Standing) -> dict[str, object]:
    if row.sender_id == standing.viewer_id:
        is_delivered = row.seq <= standing.delivered_to_all_seq
        is_read = row.seq <= standing.read_by_all_seq
    else:
        is_delivered = True
        is_read = row.seq <= standing.read_seq
    read_at = standing.read_at.get(row.seq) if is_read else None
    return {"is_delivered": is_delivered, "is_read": is_read, "read_at": read_at}


def _quote(row: PlainMessage) -> QuoteShape:
    return QuoteShape(
        id=row.reply_to_id,
        seq=row.reply_to__seq,
        sender_id=row.reply_to__sender_id,
        sender_name=row.reply_to__sender__display_name,
        content=(row.reply_to__content or "")[:QUOTE_LENGTH],
        is_deleted=row.reply_to__deleted_at is not None,
    )


def participant_shape(participant: Participant) -> ParticipantShape:
    return ParticipantShape(
        user=person_shape(participant.user),
        role=participant.role,
        is_current=participant.is_current,
        confirms=participant.confirms,
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


def preferences(place: Participant | PlainPlace | PlainOwn) -> Preferences:
    return Preferences(
        pinned_at=place.pinned_at,
        archived_at=place.archived_at,
        muted_until=place.muted_until,
        level=place.level,
    )


def participant_shapes(
    viewer: Participant | PlainPlace, participants: Iterable[Participant]
) -> list[ParticipantShape]:
    """As the viewer may see them: whoever left sees the group's people as they were then."""
    if viewer.left_at is None:
        return [participant_shape(one) for one in participants]
    return [
        _as_seen_by_left(one, viewer) for one in participants if one.joined_at <= viewer.left_at
    ]


def _as_seen_by_left(one: Participant, viewer: Participant | PlainPlace) -> ParticipantShape:
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
        description=conversation.description,
        picture_url=picture_url(conversation.pk, conversation.picture.name),
        who_may_post=conversation.who_may_post,
        created_by_id=conversation.created_by_id,
        created_at=conversation.created_at,
        updated_at=conversation.updated_at,
        last_message_at=conversation.last_message_at,
        last_seq=conversation.last_seq,
        version=conversation.version,
        member_count=member_count,
    )


def picture_url(conversation_id: int, name: str | None) -> str | None:
    """Changes with the picture, so that caches never show an old one."""
    if not name:
        return None
    file = name.rpartition("/")[2]
    return f"{reverse('group-picture', args=[conversation_id])}?v={file[:12]}"


def conversation_shape(
    place: PlainPlace,
    *,
    others: Others,
    peer: ContactShape | None,
    last_message: PlainMessage | None,
    has_mention: bool,
    can_post: bool,
) -> ConversationShape:
    """Whoever left sees the conversation as it was then."""
    standing = _standing_in_list(place, others)
    return ConversationShape(
        id=place.conversation_id,
        kind=place.conversation__kind,
        title=place.conversation__title,
        description=place.conversation__description,
        picture_url=picture_url(place.conversation_id, place.conversation__picture),
        who_may_post=place.conversation__who_may_post,
        created_by_id=place.conversation__created_by_id,
        created_at=place.conversation__created_at,
        updated_at=place.left_at or place.conversation__updated_at,
        last_message_at=place.left_at or place.conversation__last_message_at,
        last_seq=place.last_visible_seq,
        version=place.last_visible_version,
        member_count=others.number + place.is_current,
        pinned_at=place.pinned_at,
        archived_at=place.archived_at,
        muted_until=place.muted_until,
        level=place.level,
        peer=peer,
        last_message=message_shape(last_message, standing) if last_message else None,
        unread_count=place.unread_count,
        has_mention=has_mention,
        read_seq=place.private_read_seq,
        delivered_seq=place.delivered_seq,
        delivered_to_all_seq=standing.delivered_to_all_seq,
        read_by_all_seq=standing.read_by_all_seq,
        role=place.role,
        is_member=place.is_current,
        can_post=can_post,
    )


def _standing_in_list(place: PlainPlace, others: Others) -> Standing:
    last = place.conversation__last_seq
    return Standing(
        viewer_id=place.user_id,
        read_seq=place.private_read_seq,
        delivered_to_all_seq=last if others.delivered_seq is None else others.delivered_seq,
        read_by_all_seq=last if others.read_seq is None else others.read_seq,
    )


def system_line(event: str, people: list[User], **details: str) -> dict[str, object]:
    """What `Message.system` holds; names are kept, since a reader may not know all the people."""
    line = SystemLine(
        event=event,
        user_ids=[person.pk for person in people],
        names=[person.display_name for person in people],
        **details,
    )
    return line.as_json()
