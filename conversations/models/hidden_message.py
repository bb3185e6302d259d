from django.conf import settings
from django.db import models
from django.db.models import Q

from conversations.models.conversation import Conversation


class HiddenMessage(models.Model):
    """A message that one person deleted for themselves: everybody else still has it, and learns nothing.

    So no version tells of it. `number` counts a person's own 1, 2, 3 …, and by it their devices ask for
    what they missed.
    """

    # The constraints below are indexes that begin with it.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="hidden_messages",
        db_index=False,
    )
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    seq = models.PositiveBigIntegerField()
    number = models.PositiveBigIntegerField()
    hidden_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "conversation", "seq"], name="message_hidden_once_per_person"
            ),
            models.UniqueConstraint(
                fields=["user", "number"], name="hidden_message_number_once_per_person"
            ),
            models.CheckConstraint(
                condition=Q(seq__gt=0) & Q(number__gt=0), name="hidden_message_numbers_start_at_one"
            ),
        ]

    def __str__(self) -> str:
        return f"Message {self.seq} of conversation {self.conversation_id}, hidden from {self.user}"
