from django.conf import settings
from django.db import models
from django.db.models import F, Q

from conversations.models.conversation import Conversation


class Receipt(models.Model):
    """One advance of one pointer: who got (or read) everything after `from_seq` up to `to_seq`, and when.

    Keeps the times behind "Read 10:14" and Message info without a row per message and reader.
    """

    class Kind(models.TextChoices):
        DELIVERED = "delivered", "Delivered"
        READ = "read", "Read"
        PRIVATE_READ = "private_read", "Read, told to nobody"

    # The constraint below is an index that begins with it.
    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="receipts", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="receipts"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    from_seq = models.PositiveBigIntegerField()
    to_seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "user", "kind", "to_seq"], name="receipt_once_per_advance"
            ),
            models.CheckConstraint(
                condition=Q(to_seq__gt=F("from_seq")), name="receipt_moves_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.user_id}: {self.from_seq} to {self.to_seq}"
