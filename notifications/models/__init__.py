from notifications.models.delivery import PushDelivery
from notifications.models.notification import Notification, NotificationQuerySet
from notifications.models.outbox import OutboxEntry, PushDecision
from notifications.models.preferences import NotificationPreferences, OrganizationNotifications
from notifications.models.push_subscription import PushSubscription

__all__ = [
    "Notification",
    "NotificationPreferences",
    "NotificationQuerySet",
    "OrganizationNotifications",
    "OutboxEntry",
    "PushDecision",
    "PushDelivery",
    "PushSubscription",
]
