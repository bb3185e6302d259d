from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models.user import User


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def visible_to(self, viewer: User) -> ApiKeyQuerySet:
        """To administrators of the bot's organization; what they may do with it is another question."""
        return self.filter(bot__organization_id=viewer.organization_id)

    def live(self) -> ApiKeyQuerySet:
        """Those that open: not revoked, not expired, of a bot that is active."""
        return self.filter(
            Q(expires_at=None) | Q(expires_at__gt=Now()),
            revoked_at=None,
            bot__is_active=True,
            bot__organization__is_active=True,
        )


class ApiKey(models.Model):
    """What lets a bot in by REST. The secret is shown once and kept as a hash only."""

    bot = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80)
    # The beginning of the secret, by which people tell keys apart.
    hint = models.CharField(max_length=20)
    secret_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = "API key"

    def __str__(self) -> str:
        return f"{self.name} of {self.bot}"

    @property
    def limit(self) -> tuple[str, str]:
        """Which rate it is under, and whose tokens it takes."""
        return "api-key", f"key.{self.pk}"
