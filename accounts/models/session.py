from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, viewer: User) -> SessionQuerySet:
        """A person's devices are their own business."""
        return self.filter(user=viewer)

    def live(self) -> SessionQuerySet:
        """Not signed out, not revoked, and of somebody who may still sign in."""
        return self.filter(
            revoked_at=None, user__is_active=True, user__organization__is_active=True
        )


class Session(models.Model):
    """A signed-in device: one browser or one app. Its id is the `sid` claim of every token."""

    class Kind(models.TextChoices):
        BROWSER = "browser", _("Browser")
        API = "api", _("App")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    label = models.CharField(max_length=200, blank=True, help_text="From the User-Agent header.")
    ip_address = models.GenericIPAddressField(null=True, blank=True)
    # The jti of the only refresh token that is still good; an older one means theft.
    refresh_jti = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=40, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["-last_used_at", "-id"]
        indexes = [
            models.Index(
                fields=["user", "-last_used_at"],
                condition=models.Q(revoked_at=None),
                name="live_sessions_of_user",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} on {self.label or self.kind}"
