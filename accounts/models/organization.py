from uuid import uuid4

from django.db import models

from accounts.roles import Role


class Organization(models.Model):
    """The wall: nothing of one organization is ever visible in another."""

    # The same wherever it is moved to.
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=60, unique=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ChatPermission(models.Model):
    """One cell of the organization's table: may `initiator_role` start a conversation with `target_role`?"""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="chat_permissions"
    )
    initiator_role = models.CharField(max_length=10, choices=Role.choices)
    target_role = models.CharField(max_length=10, choices=Role.choices)
    allowed = models.BooleanField(default=True)

    class Meta:
        ordering = ["initiator_role", "target_role"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "initiator_role", "target_role"],
                name="chat_permission_once_per_pair_of_roles",
            ),
        ]

    def __str__(self) -> str:
        verb = "may write to" if self.allowed else "may not write to"
        return f"{self.initiator_role} {verb} {self.target_role}"
