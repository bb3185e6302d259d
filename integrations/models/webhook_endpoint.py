from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User


class WebhookEvent(models.TextChoices):
    """By the names of chatproject/events.py."""

    NEW_MESSAGE = "newMessage", _("Somebody writes")
    MESSAGE_EDITED = "messageEdited", _("A message is edited")
    MESSAGE_DELETED = "messageDeleted", _("A message is deleted")
    CONVERSATION_UPDATED = "conversationUpdated", _("A conversation begins, or changes")


class WebhookEndpointQuerySet(models.QuerySet["WebhookEndpoint"]):
    def visible_to(self, viewer: User) -> WebhookEndpointQuerySet:
        """To administrators of the bot's organization; what they may do with it is another question."""
        return self.filter(bot__organization_id=viewer.organization_id)


class WebhookEndpoint(models.Model):
    """Where a program is told of what its bot would hear. Secrets are sealed: the server signs with them."""

    bot = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhook_endpoints"
    )
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=1000)
    events = models.JSONField(default=list)
    secret = models.TextField()
    # Still good for a while, so that a receiver has time to change.
    previous_secret = models.TextField(blank=True)
    previous_until = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    # Since when nothing got there; until when it is left in peace.
    failing_since = models.DateTimeField(null=True, blank=True)
    resting_until = models.DateTimeField(null=True, blank=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_reason = models.CharField(max_length=200, blank=True)

    objects = WebhookEndpointQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(url__startswith="https://"), name="webhook_endpoint_is_https"
            ),
            models.CheckConstraint(
                condition=Q(previous_secret="", previous_until=None)
                | (~Q(previous_secret="") & Q(previous_until__isnull=False)),
                name="previous_webhook_secret_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.bot}"
