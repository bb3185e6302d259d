"""What the hot pages read, as plain values: making model instances of it costs more than all the rest.

The names are those of `values_list`, so that a query asks for exactly these. The shapes of
conversations/serializers.py are made of them; `plain_message` makes one of an instance.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from notifications.decide import Level

if TYPE_CHECKING:
    from conversations.models import Message

Row = tuple[Any, ...]


class PlainMessage(NamedTuple):
    id: int
    conversation_id: int
    seq: int
    version: int
    kind: str
    content: str
    system: dict[str, Any] | None
    client_id: UUID | None
    created_at: datetime
    updated_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    sender_id: int
    sender__display_name: str
    sender__avatar: str | None
    sender__role: str
    sender__is_active: bool
    sender__kind: str
    reply_to_id: int | None
    reply_to__seq: int | None
    reply_to__content: str | None
    reply_to__deleted_at: datetime | None
    reply_to__sender_id: int | None
    reply_to__sender__display_name: str | None


def plain_message(message: Message) -> PlainMessage:
    sender, quoted = message.sender, message.reply_to
    return PlainMessage(
        id=message.pk,
        conversation_id=message.conversation_id,
        seq=message.seq,
        version=message.version,
        kind=message.kind,
        content=message.content,
        system=message.system,
        client_id=message.client_id,
        created_at=message.created_at,
        updated_at=message.updated_at,
        edited_at=message.edited_at,
        deleted_at=message.deleted_at,
        sender_id=message.sender_id,
        sender__display_name=sender.display_name,
        sender__avatar=sender.avatar.name,
        sender__role=sender.role,
        sender__is_active=sender.is_active,
        sender__kind=sender.kind,
        reply_to_id=message.reply_to_id,
        reply_to__seq=quoted.seq if quoted else None,
        reply_to__content=quoted.content if quoted else None,
        reply_to__deleted_at=quoted.deleted_at if quoted else None,
        reply_to__sender_id=quoted.sender_id if quoted else None,
        reply_to__sender__display_name=quoted.sender.display_name if quoted else None,
    )


class PlainPlace(NamedTuple):
    """A participant with their conversation, as `Participant` has them, and what the list shows besides."""

    user_id: int
    conversation_id: int
    role: str
    absences: list[list[int]]
    left_seq: int | None
    left_at: datetime | None
    left_version: int | None
    delivered_seq: int
    private_read_seq: int
    pinned_at: datetime | None
    archived_at: datetime | None
    muted_until: datetime | None
    level: str
    conversation__kind: str
    conversation__title: str
    conversation__description: str
    conversation__picture: str
    conversation__who_may_post: str
    conversation__created_by_id: int
    conversation__created_at: datetime
    conversation__updated_at: datetime
    conversation__last_message_at: datetime | None
    conversation__last_seq: int
    conversation__version: int
    conversation__lower_user_id: int | None
    conversation__higher_user_id: int | None
    activity_at: datetime
    shown_message_id: int | None
    unread_count: int

    @property
    def is_current(self) -> bool:
        return self.left_seq is None

    @property
    def last_visible_seq(self) -> int:
        return self.conversation__last_seq if self.left_seq is None else self.left_seq

    @property
    def last_visible_version(self) -> int:
        return self.conversation__version if self.left_version is None else self.left_version

    @property
    def peer_id(self) -> int | None:
        """The other side of a direct conversation; None in a group."""
        lower, higher = self.conversation__lower_user_id, self.conversation__higher_user_id
        return higher if lower == self.user_id else lower


class PlainOwn(NamedTuple):
    """What is a person's own of a conversation, as far as `sync` tells it of each."""

    conversation_id: int
    visible_version: int
    private_read_seq: int
    pinned_at: datetime | None
    archived_at: datetime | None
    muted_until: datetime | None
    level: str

    @property
    def has_preferences(self) -> bool:
        return any((self.pinned_at, self.archived_at, self.muted_until, self.level != Level.ALL))


class Others(NamedTuple):
    """How many others a conversation has, and how far the slowest of them has got."""

    number: int
    delivered_seq: int | None
    read_seq: int | None
