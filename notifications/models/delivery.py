from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.models.push_subscription import PushSubscription

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User


class PushDeliveryQuerySet(models.QuerySet["PushDelivery"]):
    def visible_to(self, user: User) -> PushDeliveryQuerySet:
        return self.filter(user=user)

    def due(self, now: datetime) -> PushDeliveryQuerySet:
        """Those whose time has come, and those whose worker died with them in its hands."""
        return self.filter(
            Q(state=PushDelivery.State.WAITING) | Q(state=PushDelivery.State.SENDING),
            due_at__lte=now,
        )

    def finished_before(self, moment: datetime) -> PushDeliveryQuerySet:
        return self.filter(finished_at__lt=moment)


class PushDelivery(models.Model):
    """One push to one device, from the decision to its end, which the state names.

    While it is being sent, `due_at` is when its worker counts as dead and another one repeats it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        # A later message of the same conversation took its place.
        REPLACED = "replaced", _("Replaced by a newer one")
        # Read meanwhile, muted, signed out: the reason says which.
        DROPPED = "dropped", _("No longer needed")
        # The push service knows no such device any more.
        GONE = "gone", _("The device is gone")
        DEAD = "dead", _("Given up")

    subscription = models.ForeignKey(
        PushSubscription, null=True, on_delete=models.SET_NULL, related_name="deliveries"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=PushSubscription.Kind.choices)
    device = models.CharField(max_length=200, blank=True)
    # What replaces what on the device.
    tag = models.CharField(max_length=60)
    message = models.ForeignKey(
        "conversations.Message", null=True, on_delete=models.CASCADE, related_name="+"
    )
    notification = models.ForeignKey(
        "notifications.Notification", null=True, on_delete=models.CASCADE, related_name="+"
    )
    is_mention = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=200, blank=True)
    # The push service found the whole one too large.
    is_bare = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = PushDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "push deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "message"], name="one_push_per_message_and_device"
            ),
            models.UniqueConstraint(
                fields=["subscription", "notification"],
                name="one_push_per_notification_and_device",
            ),
            models.UniqueConstraint(
                fields=["subscription", "tag"],
                condition=Q(state="waiting"),
                name="one_waiting_push_per_device_and_tag",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sending"], finished_at=None)
                | (~Q(state__in=["waiting", "sending"]) & Q(finished_at__isnull=False)),
                name="push_delivery_ends_when_it_is_finished",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["waiting", "sending"]),
                name="due_push_deliveries",
            ),
            models.Index(fields=["user", "-created_at"], name="push_deliveries_of_user"),
            models.Index(fields=["finished_at"], name="finished_push_deliveries"),
        ]

    def __str__(self) -> str:
        return f"Push to {self.device or self.kind} of {self.user}"
