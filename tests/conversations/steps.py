"""What every test of a conversation does or asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from accounts.models import PrivacySettings, User
from chatproject.errors import DomainError
from chatproject.events import MessageShape, MessagesQuery, NewMessageBody, PreferencesBody
from conversations.models import Conversation, Participant
from conversations.services.history import page_of_messages
from conversations.services.listing import conversation_in_full
from conversations.services.messages import send_message
from conversations.services.preferences import change_preferences


def say(actor: User, conversation_id: int, content: str = "Hello", **fields: Any) -> MessageShape:
    body = NewMessageBody(content=content, **fields)
    return send_message(actor=actor, conversation_id=conversation_id, body=body).message


def place_of(user: User, conversation_id: int) -> Participant:
    return Participant.objects.select_related("conversation").get(
        user=user, conversation_id=conversation_id
    )


def unread_of(user: User, conversation_id: int) -> int:
    return conversation_in_full(actor=user, conversation_id=conversation_id).unread_count


def version_of(conversation_id: int) -> int:
    return Conversation.objects.get(pk=conversation_id).version


def texts_seen_by(user: User, conversation_id: int) -> list[str]:
    """System lines stand there by the name of what they tell."""
    page = page_of_messages(
        actor=user, conversation_id=conversation_id, query=MessagesQuery(limit=100)
    )
    return [one.system.event if one.system else one.content for one in page.messages]


def keep(user: User, conversation_id: int, **changes: Any) -> Participant:
    """Pinned, archived, muted."""
    return change_preferences(
        actor=user, conversation_id=conversation_id, changes=PreferencesBody(**changes)
    )


def withhold_receipts(user: User) -> None:
    PrivacySettings.objects.filter(user=user).update(read_receipts=False)


@contextmanager
def refused(kind: type[DomainError], code: str = "") -> Iterator[None]:
    with pytest.raises(kind) as refusal:
        yield
    assert code in ("", refusal.value.code)


@contextmanager
def nothing_happens(published: Any, conversation_id: int) -> Iterator[None]:
    """Nobody is told anything, and no version is given."""
    published.forget()
    before = version_of(conversation_id)
    yield
    assert published.all == []
    assert version_of(conversation_id) == before
