from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from accounts.models import User


class IncomingWebhookQuerySet(models.QuerySet["IncomingWebhook"]):
    def visible_to(self, viewer: User) -> IncomingWebhookQuerySet:
        """To administrators of the bot's organization; what they may do with it is another question."""
        return self.filter(bot__organization_id=viewer.organization_id)

    def live(self) -> IncomingWebhookQuerySet:
        return self.filter(revoked_at=None, bot__is_active=True, bot__organization__is_active=True)


class IncomingWebhook(models.Model):
    """An address that writes what it is given into one conversation, as its bot. Of the secret in it, the
    hash is kept."""

    bot = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="incoming_webhooks"
    )
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="incoming_webhooks"
    )
    name = models.CharField(max_length=80)
    hint = models.CharField(max_length=20)
    secret_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = IncomingWebhookQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.name} of {self.bot}"

    @property
    def limit(self) -> tuple[str, str]:
        """Which rate it is under, and whose tokens it takes."""
        return "webhook", f"webhook.{self.pk}"
