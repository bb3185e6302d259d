"""The way into a conversation for every operation: find it as a participant, lock it, change it."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import User
from accounts.viewer import GIVEN_VIEWER, viewer_values
from chatproject.errors import NotFound
from chatproject.prepared import Given, prepared
from conversations.models import Conversation, Participant


def participation(*, actor: User, conversation_id: int) -> Participant:
    """The actor's place, with its conversation. Outsiders get NotFound, as if it did not exist."""
    place = _place().first(conversation_id=conversation_id, **viewer_values(actor))
    if place is None:
        raise NotFound
    return place


@prepared
def _place() -> QuerySet[Participant]:
    places = Participant.objects.visible_to(GIVEN_VIEWER)
    found = places.filter(conversation_id=Given("conversation_id"))
    return found.select_related("conversation", "user")


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
