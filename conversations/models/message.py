from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from conversations.models.conversation import Conversation
from conversations.querysets import MAY_MENTION, UNCOUNTED, MessageQuerySet


class Message(models.Model):
    """Something said in a conversation, or a system line ("alice added bob").

    Deleting for everyone leaves the row as a tombstone: seq kept, content gone.
    """

    class Kind(models.TextChoices):
        TEXT = "text", "Text"
        SYSTEM = "system", "System line"

    # The constraints below are indexes that begin with it, and with the sender.
    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    seq = models.PositiveBigIntegerField()
    # The conversation's version at the last change of this row.
    version = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.TEXT)
    # Also of a system line: the person who did what it tells.
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="messages_sent",
        db_index=False,
    )
    content = models.TextField(blank=True)
    # What a system line tells, in data, so that each reader gets it in their own language:
    # {"event": "memberAdded", "userIds": [7]}; see conversations/system_lines.py.
    system = models.JSONField(null=True, blank=True)
    reply_to = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies"
    )
    # Chosen by the sending client; makes a repeated send safe for as long as the message exists.
    client_id = models.UUIDField(null=True, blank=True)
    # SHA-256 of what was asked for first: the same client_id with another body is a conflict,
    # also after the message was edited or deleted.
    request_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(auto_now=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["conversation_id", "seq"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "seq"], name="message_seq_once_per_conversation"
            ),
            models.UniqueConstraint(
                fields=["sender", "client_id"], name="message_client_id_once_per_sender"
            ),
            models.CheckConstraint(
                condition=Q(seq__gt=0) & Q(version__gt=0), name="message_seq_starts_at_one"
            ),
            models.CheckConstraint(
                condition=Q(deleted_at=None) | Q(content=""), name="deleted_message_has_no_content"
            ),
            models.CheckConstraint(
                condition=Q(kind="text", system=None, client_id__isnull=False)
                | Q(kind="system", system__isnull=False, client_id=None),
                name="message_fields_match_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "version"], name="message_by_version"),
            models.Index(
                fields=["conversation", "seq"], condition=UNCOUNTED, name="uncounted_messages"
            ),
            models.Index(
                fields=["conversation", "seq"], condition=MAY_MENTION, name="mentioning_messages"
            ),
        ]

    def __str__(self) -> str:
        return f"Message {self.seq} of conversation {self.conversation_id}"
