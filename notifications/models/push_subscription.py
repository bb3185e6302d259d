from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models import User


class PushSubscriptionQuerySet(models.QuerySet["PushSubscription"]):
    def visible_to(self, user: User) -> PushSubscriptionQuerySet:
        """Own ones, of devices that are still signed in."""
        return self.filter(user=user, session__revoked_at=None)

    def live(self) -> PushSubscriptionQuerySet:
        """Those whose device is signed in, of people who may sign in."""
        return self.filter(
            session__revoked_at=None, user__is_active=True, user__organization__is_active=True
        )


class PushSubscription(models.Model):
    """Where a device can be reached while nobody looks: a web push endpoint or a mobile device token."""

    class Kind(models.TextChoices):
        WEB = "web", "Web push"
        FCM = "fcm", "Firebase"
        APNS = "apns", "Apple"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_subscriptions"
    )
    session = models.ForeignKey(
        "accounts.Session", on_delete=models.CASCADE, related_name="push_subscriptions"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    endpoint = models.CharField(max_length=1000, unique=True, help_text="URL, or device token.")
    p256dh = models.CharField(max_length=200, blank=True)
    auth = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PushSubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="web") | (~Q(p256dh="") & ~Q(auth="")),
                name="web_push_has_its_keys",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.user}"
