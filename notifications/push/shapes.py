"""What a push says, in its reader's language, and no more than they allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatproject.events import PushShape
from notifications.models import Notification
from notifications.serializers import body_of, title_of

if TYPE_CHECKING:
    from conversations.models import Message

# Services take 4 KB, encrypted; a name may be 100 characters of four bytes.
MAX_TEXT = 160


def message_push(
    message: Message, *, count: int, is_mention: bool, shows_text: bool, tag: str
) -> PushShape:
    conversation = message.conversation
    return PushShape(
        kind="mention" if is_mention else "message",
        tag=tag,
        title=conversation.title or message.sender.display_name,
        body=_words(message) if shows_text else _summary(message, count, is_mention),
        url=reverse("conversation", args=[conversation.pk]),
        conversation_id=conversation.pk,
        message_id=message.pk,
        at=message.created_at,
    )


def notification_push(notification: Notification, *, tag: str) -> PushShape:
    where = notification.conversation_id
    return PushShape(
        kind=notification.kind,
        tag=tag,
        title=title_of(notification),
        body=body_of(notification),
        url=reverse("conversation", args=[where]) if where else reverse("notifications"),
        conversation_id=where,
        message_id=notification.message_id,
        notification_id=notification.pk,
        at=notification.updated_at,
    )


def _words(message: Message) -> str:
    text = Truncator(" ".join(message.content.split())).chars(MAX_TEXT)
    if message.conversation.is_group:
        return f"{message.sender.display_name}: {text}"
    return text


def _summary(message: Message, count: int, is_mention: bool) -> str:
    if is_mention and count > 1:
        return _("%(count)d new messages, you were mentioned") % {"count": count}
    if is_mention:
        return _("%(name)s mentioned you") % {"name": message.sender.display_name}
    if count > 1:
        return ngettext("%(count)d new message", "%(count)d new messages", count) % {"count": count}
    if message.conversation.is_group:
        return _("New message from %(name)s") % {"name": message.sender.display_name}
    return _("New message")
