"""Administrators reading what others wrote: possible, for a reason, and never unnoticed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from chatproject.errors import Forbidden, NotFound
from conversations import audit, policies
from conversations.models import Conversation, Message

PAGE = 100


@dataclass(frozen=True)
class Reading:
    conversation: Conversation
    # In ascending seq.
    messages: list[Message]

    @property
    def first(self) -> int:
        return self.messages[0].seq if self.messages else 0

    @property
    def last(self) -> int:
        return self.messages[-1].seq if self.messages else 0

    @property
    def has_older(self) -> bool:
        return self.first > 1


def read_messages_as_admin(
    *,
    actor: User,
    conversation_id: int,
    reason: str,
    before: int | None = None,
    ip_address: str | None = None,
) -> Reading:
    """The latest page, or the one before a seq. The audit entry is committed before anything is given.

    Raises Forbidden (no such right), NotFound (another organization).
    """
    if not policies.can_read_as_admin(actor):
        raise Forbidden
    with transaction.atomic():
        conversation = administered_conversation(actor=actor, conversation_id=conversation_id)
        reading = Reading(conversation, _page(conversation, before))
        record(
            audit.MESSAGES_READ_BY_ADMIN,
            actor=actor,
            organization=conversation.organization,
            target=conversation,
            ip_address=ip_address,
            conversation=conversation.described,
            first=reading.first,
            last=reading.last,
            reason=reason,
        )
    return reading


def administered_conversation(*, actor: User, conversation_id: int) -> Conversation:
    """Without its messages, which need no audit."""
    conversations = Conversation.objects.administered_by(actor).with_names()
    found = conversations.select_related("organization").filter(pk=conversation_id).first()
    if found is None:
        raise NotFound
    return found


def _page(conversation: Conversation, before: int | None) -> list[Message]:
    messages = Message.objects.filter(conversation=conversation).with_people()
    if before is not None:
        messages = messages.filter(seq__lt=before)
    return list(messages.order_by("-seq")[:PAGE])[::-1]
