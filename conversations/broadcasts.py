"""Every event of this app: who is told what. Called by services, inside their transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from accounts.models import User
from chatproject.events import (
    ConversationUpdated,
    DeletedForMe,
    MessageDeleted,
    MessageDeletedForMe,
    MessageDelivered,
    MessageEdited,
    MessageShape,
    MessagesRead,
    NewMessage,
    PreferencesChanged,
    PresenceShape,
    UserStatusChanged,
    UserTyping,
)
from chatproject.realtime import publish, publish_ephemeral
from conversations.models import Conversation, Message, Participant
from conversations.outside import Happening, hand_on
from conversations.serializers import conversation_summary, participant_shape, preferences


def message_created(message: MessageShape, *, to: Sequence[int]) -> None:
    """What people write is handed on by services/news.py: it is stored outside of Django's transactions."""
    event = NewMessage.of(message)
    publish(event, to=to)
    if message.kind == "system":
        hand_on(Happening(event, to=to, by=message.sender_id))


def message_edited(message: Message, *, to: Sequence[int]) -> None:
    assert message.edited_at is not None
    event = MessageEdited(
        conversation_id=message.conversation_id,
        message_id=message.pk,
        seq=message.seq,
        version=message.version,
        content=message.content,
        edited_at=message.edited_at,
        updated_at=message.updated_at,
    )
    publish(event, to=to)
    hand_on(Happening(event, to=to, message_id=message.pk, by=message.sender_id))


def message_deleted(message: Message, *, to: Sequence[int]) -> None:
    assert message.deleted_at is not None
    event = MessageDeleted(
        conversation_id=message.conversation_id,
        message_id=message.pk,
        seq=message.seq,
        version=message.version,
        deleted_at=message.deleted_at,
        updated_at=message.updated_at,
    )
    publish(event, to=to)
    hand_on(
        Happening(
            event,
            to=to,
            message_id=message.pk,
            by=message.sender_id,
            organization_id=message.sender.organization_id,
        )
    )


def message_deleted_for_me(deleted: DeletedForMe, *, to: User) -> None:
    """To the person's own devices alone."""
    publish(MessageDeletedForMe(**dict(deleted)), to=[to.pk])


def messages_delivered(participant: Participant, *, at: datetime, to: Iterable[int]) -> None:
    event = MessageDelivered(
        conversation_id=participant.conversation_id,
        user_id=participant.user_id,
        up_to_seq=participant.delivered_seq,
        at=at,
        version=participant.version,
    )
    publish(event, to=to)


def messages_read(participant: Participant, *, at: datetime, to: Iterable[int]) -> None:
    event = MessagesRead(
        conversation_id=participant.conversation_id,
        user_id=participant.user_id,
        up_to_seq=participant.read_seq,
        at=at,
        version=participant.version,
    )
    publish(event, to=to)


def messages_read_privately(participant: Participant, *, at: datetime) -> None:
    """To the reader's own devices alone."""
    event = MessagesRead(
        conversation_id=participant.conversation_id,
        user_id=participant.user_id,
        up_to_seq=participant.private_read_seq,
        at=at,
        version=participant.version,
        is_private=True,
    )
    publish(event, to=[participant.user_id])


def preferences_changed(participant: Participant) -> None:
    """To the person's own devices alone."""
    event = PreferencesChanged(
        conversation_id=participant.conversation_id, **dict(preferences(participant))
    )
    publish(event, to=[participant.user_id])


def conversation_updated(
    conversation: Conversation,
    *,
    changed: Iterable[Participant],
    member_count: int,
    to: Sequence[int],
) -> None:
    event = ConversationUpdated(
        conversation=conversation_summary(conversation, member_count=member_count),
        participants=[participant_shape(participant) for participant in changed],
    )
    publish(event, to=to)
    hand_on(Happening(event, to=to))


def user_typing(
    *, actor: User, conversation_id: int, is_typing: bool, kind: str, to: Iterable[int]
) -> None:
    event = UserTyping(
        conversation_id=conversation_id,
        user_id=actor.pk,
        is_typing=is_typing,
        kind=kind,
    )
    publish_ephemeral(event, to=to)


def user_status_changed(status: PresenceShape, *, to: Iterable[int]) -> None:
    publish_ephemeral(UserStatusChanged(**dict(status)), to=to)
