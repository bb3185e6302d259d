from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, user: User) -> NotificationQuerySet:
        return self.filter(user=user)

    def unread(self) -> NotificationQuerySet:
        return self.filter(read_at=None)

    def before(self, updated_at: datetime, pk: int) -> NotificationQuerySet:
        """The keyset page after the notification with this place in `newest_first`."""
        return self.filter(Q(updated_at__lt=updated_at) | Q(updated_at=updated_at, pk__lt=pk))

    def newest_first(self) -> NotificationQuerySet:
        return self.order_by("-updated_at", "-id")

    def with_sources(self) -> NotificationQuerySet:
        """What title and preview are taken from, in the same query."""
        return self.select_related("conversation", "message__sender")

    def in_lock_order(self) -> NotificationQuerySet:
        return self.select_for_update(of=("self",)).order_by("conversation_id", "pk")


class Notification(models.Model):
    """Something a person should be told of. Unread messages of one conversation share one row, which counts.

    Holds no text of a message: the preview is taken from `message` when shown, so that an edited or
    deleted message never lives on here.
    """

    class Kind(models.TextChoices):
        MESSAGE = "message", _("Message")
        MENTION = "mention", _("Mention")
        ADDED_TO_GROUP = "added_to_group", _("Added to a group")
        # Reserved for calls that nobody took.
        MISSED = "missed", _("Missed")
        SECURITY = "security", _("Security")
        SYSTEM = "system", _("From the administrators")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications"
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    conversation = models.ForeignKey(
        "conversations.Conversation",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    message = models.ForeignKey(
        "conversations.Message", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    text = models.CharField(max_length=300, blank=True, help_text="Of kinds without a message.")
    count = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "conversation"],
                condition=Q(kind="message", read_at=None),
                name="one_unread_notification_per_conversation",
            ),
            models.CheckConstraint(
                condition=~Q(kind="message") | Q(conversation__isnull=False, message__isnull=False),
                name="message_notification_names_its_message",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-updated_at", "-id"], name="notifications_newest_first"),
            # By conversation too: whoever sends or reads is asked whether theirs has any.
            models.Index(
                fields=["user", "conversation"],
                condition=Q(read_at=None),
                name="unread_notifications_of_user",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user}"
