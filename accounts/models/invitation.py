from __future__ import annotations

from secrets import token_hex

from django.db import models
from django.db.models.functions import Now

from accounts.models.organization import Organization
from accounts.models.user import User
from accounts.roles import Role


def new_seed() -> str:
    return token_hex(16)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> InvitationQuerySet:
        return self.filter(
            accepted_at=None,
            revoked_at=None,
            expires_at__gt=Now(),
            organization__is_active=True,
        )

    def visible_to(self, viewer: User) -> InvitationQuerySet:
        return self.filter(organization_id=viewer.organization_id)


class Invitation(models.Model):
    """A way into an organization, usable once. Only the hash of its token is kept."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="invitations"
    )
    email = models.EmailField(blank=True, help_text="Empty: whoever holds the link may use it.")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    # The token is made of this and the server's secret key, so that a task can mail the link although
    # nobody can read it from the database.
    seed = models.CharField(max_length=32, default=new_seed)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations_made")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.OneToOneField(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="invitation"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(revoked_at=None),
                name="invitation_accepted_or_revoked",
            ),
        ]

    def __str__(self) -> str:
        return f"Invitation of {self.email or 'anybody'} to {self.organization}"
