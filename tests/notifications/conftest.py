"""Conversations as plain rows: these tests are about what notifications does with them."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import User
from conversations.models import Conversation, Message, Participant
from notifications.models import Notification
from notifications.services import notify_new_message


@pytest.fixture
def direct(alice: User, bob: User) -> Conversation:
    now = timezone.now()
    conversation = Conversation.objects.create(
        organization=alice.organization,
        kind=Conversation.Kind.DIRECT,
        created_by=alice,
        lower_user=min(alice, bob, key=lambda user: user.pk),
        higher_user=max(alice, bob, key=lambda user: user.pk),
        last_activity_at=now,
    )
    _join(conversation, alice, bob)
    return conversation


@pytest.fixture
def group(alice: User, bob: User, carol: User) -> Conversation:
    conversation = Conversation.objects.create(
        organization=alice.organization,
        kind=Conversation.Kind.GROUP,
        title="Climbing",
        created_by=alice,
        last_activity_at=timezone.now(),
    )
    _join(conversation, alice, bob, carol)
    return conversation


@pytest.fixture
def say() -> Callable[..., Message]:
    """`say(direct, alice, "Hi")` is a stored message that nobody was told of yet."""

    def store(conversation: Conversation, sender: User, content: str) -> Message:
        return append(conversation, sender, content=content, client_id=uuid4())

    return store


@pytest.fixture
def system_line() -> Callable[..., Message]:
    def store(conversation: Conversation, sender: User, **system: object) -> Message:
        return append(conversation, sender, kind=Message.Kind.SYSTEM, system=system)

    return store


def append(conversation: Conversation, sender: User, **fields: object) -> Message:
    conversation.last_seq += 1
    conversation.version += 1
    message = Message.objects.create(
        conversation=conversation,
        seq=conversation.last_seq,
        version=conversation.version,
        sender=sender,
        created_at=timezone.now(),
        **fields,
    )
    conversation.last_message = message
    conversation.last_message_at = conversation.last_activity_at = message.created_at
    conversation.save()
    return message


def _join(conversation: Conversation, *people: User) -> None:
    for user in people:
        Participant.objects.create(conversation=conversation, user=user)


@pytest.fixture
def notified(say: Callable[..., Message]) -> Callable[..., Notification]:
    """`notified(bob, direct, alice, "Hi")`: Bob was offline when Alice said it."""

    def notify(
        user: User, conversation: Conversation, sender: User, content: str = "Hi"
    ) -> Notification:
        message = say(conversation, sender, content)
        notify_new_message(message=message, recipient_ids=[user.pk])
        return Notification.objects.unread().get(user=user, conversation=conversation)

    return notify
