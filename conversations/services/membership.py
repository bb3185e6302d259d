"""The way into a conversation for every operation: find it as a participant, lock it, change it."""

from __future__ import annotations

from accounts.models import User
from chatproject.errors import NotFound
from conversations.models import Conversation, Participant


def participation(*, actor: User, conversation_id: int) -> Participant:
    """The actor's place, with its conversation. Outsiders get NotFound, as if it did not exist."""
    place = (
        Participant.objects.visible_to(actor)
        .filter(conversation_id=conversation_id)
        .select_related("conversation", "user")
        .first()
    )
    if place is None:
        raise NotFound
    return place


def locked_participation(*, actor: User, conversation_id: int) -> Participant:
    """The same under the conversation's row lock, which orders all changes of a conversation.

    Locks are taken in one order everywhere: conversation, participants, notifications, audit chain.
    """
    conversation = (
        Conversation.objects.visible_to(actor)
        .select_for_update(no_key=True)
        .filter(pk=conversation_id)
        .first()
    )
    if conversation is None:
        raise NotFound
    place = Participant.objects.select_related("user").get(conversation=conversation, user=actor)
    place.conversation = conversation
    return place


def member_ids(conversation: Conversation) -> list[int]:
    return list(conversation.participants.current().values_list("user_id", flat=True))


def next_version(conversation: Conversation) -> int:
    """Begin one visible change. The caller holds the lock and saves the conversation."""
    conversation.version += 1
    return conversation.version
