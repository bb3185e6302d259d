"""Conversations as plain rows: these tests are about what notifications does with them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import Session, User
from conversations.models import Conversation, Message, Participant
from conversations.pusher import work
from notifications.management.commands.make_push_keys import new_private_key
from notifications.models import Notification, PushSubscription
from notifications.push.sender import send_now
from tests.notifications.push_service import Browser, PushService, push_service
from tests.notifications.steps import notify_new_message


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


# --- Push --------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def push_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("push-service")


@pytest.fixture(scope="session")
def running_push_service(push_directory: Path) -> Iterator[PushService]:
    with push_service(push_directory) as service:
        yield service


@pytest.fixture
def service(
    running_push_service: PushService,
    push_directory: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> PushService:
    """A push service of the intranet, which this server trusts and may call. Nobody has a grace."""
    settings.VAPID_PRIVATE_KEY = new_private_key()
    settings.PUSH_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    settings.PUSH_GRACE_SECONDS = 0
    monkeypatch.setenv("SSL_CERT_FILE", str(push_directory / "ca.pem"))
    running_push_service.forget()
    return running_push_service


@pytest.fixture
def browser_with_push(service: PushService) -> Callable[..., Browser]:
    """`browser_with_push(bob)` is a signed-in browser of Bob that can be reached while nobody looks."""

    def subscribed(user: User, name: str = "") -> Browser:
        browser = Browser(service, name or f"{user.display_name}-{user.push_subscriptions.count()}")
        PushSubscription.objects.create(
            user=user,
            session=Session.objects.create(user=user, kind="browser", label=f"{user}'s browser"),
            kind="web",
            endpoint=browser.endpoint,
            **browser.keys,
        )
        return browser

    return subscribed


@pytest.fixture
def push_round() -> Callable[[], None]:
    """What a worker does until nothing is due."""

    def rounds() -> None:
        while work(send_now):
            pass

    return rounds
