from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

WEEKDAYS = "0123456"


class NotificationPreferences(models.Model):
    """How somebody wants to be told. In the app everything is shown; this is about what reaches them outside.

    `quiet_days` are the weekdays on which quiet hours begin, Monday is 0; they may last past midnight.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="notification_preferences",
    )
    push_message = models.BooleanField(default=True)
    push_mention = models.BooleanField(default=True)
    push_added_to_group = models.BooleanField(default=True)
    push_system = models.BooleanField(default=True)
    email_message = models.BooleanField(default=True)
    email_mention = models.BooleanField(default=True)
    email_added_to_group = models.BooleanField(default=True)
    email_system = models.BooleanField(default=True)
    preview = models.BooleanField(default=False)
    sounds = models.BooleanField(default=True)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    quiet_days = models.CharField(max_length=7, default=WEEKDAYS, blank=True)
    # When the last digest went out, so that nothing is mailed twice.
    digest_sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "notification preferences"
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_to=None)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="quiet_hours_have_two_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"Notification preferences of {self.user}"

    def wants(self, *, channel: str, kind: str) -> bool:
        """Notices of security cannot be switched off: somebody else might."""
        return bool(getattr(self, f"{channel}_{kind}", True))


class OrganizationNotifications(models.Model):
    """What an organization allows. Without a row: no e-mail."""

    organization = models.OneToOneField(
        "accounts.Organization",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="notification_settings",
    )
    digest_after_hours = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="E-mail what somebody missed once they were away for so long. Empty: never.",
    )

    class Meta:
        verbose_name_plural = "organization notifications"

    def __str__(self) -> str:
        return f"Notifications of {self.organization}"
