from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models.user import User


class BlockQuerySet(models.QuerySet["Block"]):
    def visible_to(self, viewer: User) -> BlockQuerySet:
        """Whom I block is my own business, also towards those whom I block."""
        return self.filter(blocker=viewer)

    def of(self, user: User) -> BlockQuerySet:
        """In either direction."""
        return self.filter(Q(blocker=user) | Q(blocked=user))

    def between(self, one: User, other: User) -> BlockQuerySet:
        return self.of(one) & self.of(other)


class Block(models.Model):
    """`blocker` takes no direct messages from `blocked` and shows them no presence or photo."""

    blocker = models.ForeignKey(User, on_delete=models.CASCADE, related_name="blocks_made")
    blocked = models.ForeignKey(User, on_delete=models.CASCADE, related_name="blocks_received")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BlockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="block_once_per_pair"),
            models.CheckConstraint(
                condition=~models.Q(blocker=models.F("blocked")), name="nobody_blocks_themselves"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.blocker} blocks {self.blocked}"
