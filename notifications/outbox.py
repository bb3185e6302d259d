"""That people who are away may have to be told. One statement, however many causes and people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from notifications.models import Notification, OutboxEntry

if TYPE_CHECKING:
    from conversations.models import Message


def announce_messages(messages: Iterable[Message]) -> None:
    if is_set_up():
        OutboxEntry.objects.bulk_create(
            OutboxEntry(message=message, due_at=message.created_at + grace())
            for message in messages
        )


def announce_notifications(notifications: Iterable[Notification]) -> None:
    """Those that tell of no ordinary message: an addition to a group, a notice."""
    if is_set_up():
        OutboxEntry.objects.bulk_create(
            OutboxEntry(notification=notification, due_at=notification.created_at + grace())
            for notification in notifications
        )


def grace() -> timedelta:
    return timedelta(seconds=settings.PUSH_GRACE_SECONDS)


def is_set_up() -> bool:
    """Without any way to reach a device nobody pays for the outbox."""
    return bool(
        settings.VAPID_PRIVATE_KEY or settings.FCM_CREDENTIALS_FILE or settings.APNS_KEY_FILE
    )
