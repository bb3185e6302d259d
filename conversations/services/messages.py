"""Saying something, and taking it back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from chatproject.errors import Conflict, Forbidden, Invalid, NotFound
from chatproject.events import MessageShape, NewMessageBody
from conversations import broadcasts, policies
from conversations.models import Conversation, Message, Participant
from conversations.querysets import visible_part
from conversations.serializers import message_shape
from conversations.services.history import standing_of
from conversations.services.membership import locked_participation, member_ids, next_version
from conversations.services.news import notify_of_news
from conversations.services.receipts import read_everything
from notifications.services import withdraw_message


@dataclass(frozen=True)
class Sent:
    message: MessageShape
    # False for a repeat, which is answered with the first result.
    created: bool


def send_message(*, actor: User, conversation_id: int, body: NewMessageBody) -> Sent:
    """Store a message exactly once and tell everybody concerned, after commit.

    Raises NotFound (not a participant), Forbidden `not_a_member`, `only_admins` or `cannot_message`,
    Invalid `unknown_message` (reply), Conflict `client_id_reused` (same key, another body).
    """
    if earlier := _earlier_send(actor, conversation_id, body):
        return earlier
    try:
        with transaction.atomic():
            sender = locked_participation(actor=actor, conversation_id=conversation_id)
            # Again, now that the lock is ours: a parallel send of the same key may just have committed.
            if earlier := _earlier_send(actor, conversation_id, body):
                return earlier
            _check_may_post(sender)
            reply_to = _find_reply_target(sender, body.reply_to_id)
            # Sending implies having read.
            read_everything(sender)
            message = _insert(sender, body, reply_to)
            return Sent(_announce(message, sender), created=True)
    except IntegrityError:
        # The same key at the same time in another conversation: only the database sees both.
        if earlier := _earlier_send(actor, conversation_id, body):
            return earlier
        raise


def edit_message(
    *, actor: User, conversation_id: int, message_id: int, content: str
) -> MessageShape:
    """Change the text of an own message within the window; marked as edited."""
    with transaction.atomic():
        place = locked_participation(actor=actor, conversation_id=conversation_id)
        message = _visible_message(place, message_id)
        now = timezone.now()
        if not policies.can_edit(place, message, now=now):
            raise Forbidden(_("This message can no longer be edited."), code="cannot_edit")
        if message.content != content:
            message.content = content
            message.edited_at = now
            _restamp(place.conversation, message)
            broadcasts.message_edited(message, to=member_ids(place.conversation))
        return _as_seen_by(place, message)


def delete_message(*, actor: User, conversation_id: int, message_id: int) -> MessageShape:
    """Delete for everyone: a tombstone keeps the seq. Deleting twice is not an error."""
    with transaction.atomic():
        place = locked_participation(actor=actor, conversation_id=conversation_id)
        message = _visible_message(place, message_id)
        if message.deleted_at is not None and message.sender_id == actor.pk:
            return _as_seen_by(place, message)
        if not policies.can_delete(place, message):
            raise Forbidden(_("You may not delete this message."), code="cannot_delete")
        message.content = ""
        message.deleted_at = timezone.now()
        _restamp(place.conversation, message)
        broadcasts.message_deleted(message, to=member_ids(place.conversation))
        withdraw_message(message=message)
        return _as_seen_by(place, message)


def append_message(conversation: Conversation, *, at: datetime, **fields: object) -> Message:
    """Give the next seq and version to a message. The caller holds the conversation's lock."""
    conversation.last_seq += 1
    message = Message.objects.create(
        conversation=conversation,
        seq=conversation.last_seq,
        version=next_version(conversation),
        created_at=at,
        **fields,
    )
    conversation.last_message = message
    conversation.last_message_at = conversation.last_activity_at = at
    conversation.save()
    return message


def append_system_line(
    conversation: Conversation, actor: User, system: dict[str, object]
) -> Message:
    """ "alice added bob", as data. The caller holds the lock; the line is nobody's unread message."""
    return append_message(
        conversation,
        at=timezone.now(),
        sender=actor,
        kind=Message.Kind.SYSTEM,
        system=system,
    )


def _earlier_send(actor: User, conversation_id: int, body: NewMessageBody) -> Sent | None:
    message = (
        Message.objects.select_related("sender", "reply_to__sender")
        .filter(sender=actor, client_id=body.client_id)
        .first()
    )
    if message is None:
        return None
    if message.request_hash != request_hash(conversation_id, body):
        raise Conflict(
            _("This clientId was used for another message."),
            code="client_id_reused",
            attr="clientId",
        )
    return Sent(message_shape(message), created=False)


def request_hash(conversation_id: int, body: NewMessageBody) -> str:
    request = f"{conversation_id}\n{body.reply_to_id}\n{body.content}"
    return hashlib.sha256(request.encode()).hexdigest()


def _check_may_post(sender: Participant) -> None:
    if not sender.is_current:
        raise Forbidden(_("You are no longer a member of this group."), code="not_a_member")
    if not policies.may_speak(sender.role, sender.conversation.who_may_post):
        raise Forbidden(_("Only administrators of the group can post here."), code="only_admins")
    if not policies.can_post(sender):
        raise Forbidden(_("You cannot send messages to this person."), code="cannot_message")


def _find_reply_target(sender: Participant, reply_to_id: int | None) -> Message | None:
    if reply_to_id is None:
        return None
    # Also one that they deleted for themselves while they wrote: to others it is still there.
    target = (
        Message.objects.filter(visible_part(sender))
        .select_related("sender")
        .filter(pk=reply_to_id, kind=Message.Kind.TEXT)
        .first()
    )
    if target is None:
        raise Invalid(
            _("The message to reply to is not in this conversation."),
            code="unknown_message",
            attr="replyToId",
        )
    return target


def _insert(sender: Participant, body: NewMessageBody, reply_to: Message | None) -> Message:
    message = append_message(
        sender.conversation,
        at=timezone.now(),
        sender=sender.user,
        content=body.content,
        client_id=body.client_id,
        reply_to=reply_to,
        request_hash=request_hash(sender.conversation_id, body),
    )
    _move_senders_pointers(sender, message)
    return message


def _move_senders_pointers(sender: Participant, message: Message) -> None:
    """Own messages are delivered and read from the start; no receipt tells of that.

    `read_seq` moves with `messagesRead` alone: who withholds read receipts tells nothing by answering.
    """
    sender.private_read_seq = sender.delivered_seq = message.seq
    sender.version = message.version
    sender.save(update_fields=["delivered_seq", "private_read_seq", "version"])


def _announce(message: Message, sender: Participant) -> MessageShape:
    shape = message_shape(message)
    broadcasts.message_created(shape, to=member_ids(sender.conversation))
    notify_of_news(conversation_ids=[sender.conversation_id])
    return shape


def _visible_message(place: Participant, message_id: int) -> Message:
    message = (
        Message.objects.visible_to_participant(place)
        .select_related("sender", "reply_to__sender")
        .filter(pk=message_id)
        .first()
    )
    if message is None:
        raise NotFound
    return message


def _as_seen_by(place: Participant, message: Message) -> MessageShape:
    """Whoever takes the answer for their own copy keeps its ticks."""
    return message_shape(message, standing_of(place, message))


def _restamp(conversation: Conversation, message: Message) -> None:
    message.version = next_version(conversation)
    message.save()
    conversation.save(update_fields=["version", "updated_at"])
