"""Rows to wire shapes. A notification's text is taken from the message now, never from a copy."""

from collections.abc import Iterable

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import Session
from chatproject.events import (
    KindsShape,
    NotificationPreferencesShape,
    NotificationShape,
    NotificationsPage,
    PushSubscriptionShape,
    QuietHours,
)
from chatproject.keyset import encode_cursor
from notifications.models import Notification, NotificationPreferences, PushSubscription

MAX_PREVIEW_LENGTH = 160


def notification_shape(notification: Notification) -> NotificationShape:
    """Expects `NotificationQuerySet.with_sources`, or the queries grow with the page."""
    return NotificationShape(
        id=notification.pk,
        kind=notification.kind,
        conversation_id=notification.conversation_id,
        message_id=notification.message_id,
        title=title_of(notification),
        body=body_of(notification),
        count=notification.count,
        created_at=notification.created_at,
        updated_at=notification.updated_at,
        is_read=notification.read_at is not None,
        read_at=notification.read_at,
    )


def title_of(notification: Notification) -> str:
    """The group, else the person who wrote, else what kind of news it is."""
    if notification.conversation and notification.conversation.title:
        return notification.conversation.title
    if notification.message:
        return notification.message.sender.display_name
    return notification.get_kind_display()


def body_of(notification: Notification) -> str:
    match notification.kind:
        case Notification.Kind.MESSAGE | Notification.Kind.MENTION:
            return _preview(notification)
        case Notification.Kind.ADDED_TO_GROUP if notification.message:
            return _("%(name)s added you") % {"name": notification.message.sender.display_name}
    return notification.text


def speaks_for_us(notification: Notification) -> bool:
    """Whether its text has words of ours in it, not only what people wrote."""
    message = notification.message
    is_quoted = (
        notification.kind == Notification.Kind.MESSAGE and message and not message.deleted_at
    )
    return not is_quoted


def _preview(notification: Notification) -> str:
    message, conversation = notification.message, notification.conversation
    assert message is not None and conversation is not None, "held by a constraint"
    if message.deleted_at is not None:
        return _("This message was deleted")
    text = Truncator(" ".join(message.content.split())).chars(MAX_PREVIEW_LENGTH)
    return f"{message.sender.display_name}: {text}" if conversation.is_group else text


def notifications_page(
    notifications: Iterable[Notification], *, limit: int, unread_count: int
) -> NotificationsPage:
    """Expects one more than `limit` where there is more."""
    found = list(notifications)
    shown, has_more = found[:limit], len(found) > limit
    return NotificationsPage(
        notifications=[notification_shape(notification) for notification in shown],
        unread_count=unread_count,
        next_cursor=encode_cursor(shown[-1].updated_at, shown[-1].pk) if has_more else None,
    )


def push_subscription_shape(
    subscription: PushSubscription, *, device: Session
) -> PushSubscriptionShape:
    return PushSubscriptionShape(
        id=subscription.pk,
        kind=subscription.kind,
        session_id=subscription.session_id,
        is_this_device=subscription.session_id == device.pk,
        created_at=subscription.created_at,
    )


def preferences_shape(preferences: NotificationPreferences) -> NotificationPreferencesShape:
    return NotificationPreferencesShape(
        push=_kinds(preferences, "push"),
        email=_kinds(preferences, "email"),
        preview=preferences.preview,
        sounds=preferences.sounds,
        quiet_hours=_quiet_hours(preferences),
    )


def _kinds(preferences: NotificationPreferences, channel: str) -> KindsShape:
    return KindsShape(
        **{kind: getattr(preferences, f"{channel}_{kind}") for kind in KindsShape.model_fields}
    )


def _quiet_hours(preferences: NotificationPreferences) -> QuietHours | None:
    begins, ends = preferences.quiet_from, preferences.quiet_to
    if begins is None or ends is None:
        return None
    days = [int(day) for day in preferences.quiet_days]
    return QuietHours(begins=f"{begins:%H:%M}", ends=f"{ends:%H:%M}", days=days)
