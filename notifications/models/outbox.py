from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from notifications.decide import Outcome, Reason

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User


class OutboxEntry(models.Model):
    """Something that people who are away may have to be told of: one row for all of them.

    Whom it concerns, and whether they are told, is decided when it is due.
    """

    message = models.ForeignKey(
        "conversations.Message", null=True, on_delete=models.CASCADE, related_name="+"
    )
    notification = models.ForeignKey(
        "notifications.Notification", null=True, on_delete=models.CASCADE, related_name="+"
    )
    due_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "outbox entries"
        constraints = [
            models.CheckConstraint(
                condition=Q(message=None, notification__isnull=False)
                | Q(message__isnull=False, notification=None),
                name="outbox_entry_has_one_cause",
            ),
        ]

    def __str__(self) -> str:
        return f"Outbox entry {self.pk}"


class PushDecisionQuerySet(models.QuerySet["PushDecision"]):
    def visible_to(self, user: User) -> PushDecisionQuerySet:
        return self.filter(user=user)

    def with_sources(self) -> PushDecisionQuerySet:
        return self.select_related(
            "notification",
            "conversation__lower_user",
            "conversation__higher_user",
        )

    def before(self, moment: datetime) -> PushDecisionQuerySet:
        return self.filter(decided_at__lt=moment)


class PushDecision(models.Model):
    """Why somebody was, or was not, told: of the messages from one seq to another, or of a notification.

    Kept for people with devices that can be reached, as long as the log is.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(
        "conversations.Conversation", null=True, on_delete=models.CASCADE, related_name="+"
    )
    from_seq = models.PositiveBigIntegerField(null=True)
    to_seq = models.PositiveBigIntegerField(null=True)
    notification = models.ForeignKey(
        "notifications.Notification", null=True, on_delete=models.CASCADE, related_name="+"
    )
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    # One of `Reason`; no choices, so that a new one is no change of the table.
    reason = models.CharField(max_length=30)
    decided_at = models.DateTimeField(db_index=True)

    objects = PushDecisionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["user", "conversation", "to_seq"], name="decisions_of_a_message"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} for {self.user}: {self.reason}"

    @property
    def reason_text(self) -> str:
        return str(Reason(self.reason).label)
