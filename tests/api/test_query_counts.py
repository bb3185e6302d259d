"""What an answer costs does not grow with what is in it."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import PrivacySettings, User
from conversations.models import Conversation, Message, Participant
from conversations.services.conversations import create_group, get_or_create_direct

numbers = count(1)
CHAT = "/api/chat"


@pytest.fixture
def cost(api: Callable[[User], APIClient]) -> Callable[..., int]:
    """How many queries the answer takes, for somebody who was here a moment ago."""

    def counted(user: User, path: str, *, size: Callable[[Any], int], of: int, **body: Any) -> int:
        device = api(user)
        device.get("/api/notifications/unread-count")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = device.post(path, body) if body else device.get(path)
        assert response.status_code == 200, response.content
        assert size(response.json()) == of
        return len(queries)

    return counted


def people(number: int, organization: Any) -> list[User]:
    made = User.objects.bulk_create(
        User(
            organization=organization,
            email=f"person{next(numbers)}@acme.example",
            display_name="Somebody",
        )
        for _ in range(number)
    )
    PrivacySettings.objects.bulk_create(PrivacySettings(user=person) for person in made)
    return made


def chats(alice: User, peers: Iterable[User]) -> list[Conversation]:
    """Direct conversations of alice, each with one unread message, as sending would leave them."""
    now = timezone.now()
    made = Conversation.objects.bulk_create(
        Conversation(
            organization=alice.organization,
            kind="direct",
            created_by=peer,
            lower_user=min(alice, peer, key=lambda person: person.pk),
            higher_user=max(alice, peer, key=lambda person: person.pk),
            version=1,
            last_activity_at=now + timedelta(seconds=place),
        )
        for place, peer in enumerate(peers)
    )
    Participant.objects.bulk_create(
        Participant(conversation=each, user=person, version=1)
        for each in made
        for person in (alice, each.created_by)
    )
    for each in made:
        say(each, each.created_by, 1)
    return made


def say(conversation: Conversation, sender: User, number: int) -> None:
    first, now = conversation.last_seq + 1, timezone.now()
    made = Message.objects.bulk_create(
        Message(
            conversation=conversation,
            seq=seq,
            version=conversation.version + seq,
            sender=sender,
            content="Hello",
            client_id=f"00000000-0000-0000-0000-{next(numbers):012}",
            created_at=now,
            updated_at=now,
        )
        for seq in range(first, first + number)
    )
    conversation.last_seq += number
    conversation.version += number
    conversation.last_message = made[-1]
    conversation.last_message_at = now
    conversation.save()


def test_the_list_costs_the_same_with_5_and_with_500_conversations(cost, alice, acme):
    def listed(limit: int) -> int:
        path = f"{CHAT}/conversations?limit={limit}"
        return cost(alice, path, size=lambda page: len(page["conversations"]), of=limit)

    chats(alice, people(5, acme))
    few = listed(5)
    chats(alice, people(495, acme))
    assert listed(5) == listed(100) == few <= 8


def test_a_page_of_history_costs_the_same_with_5_and_with_100_messages(cost, alice, bob):
    (chat,) = chats(alice, [bob])
    say(chat, bob, 500)
    path = f"{CHAT}/conversations/{chat.pk}/messages"

    def paged(query: str, of: int) -> int:
        return cost(alice, f"{path}?{query}", size=lambda page: len(page["messages"]), of=of)

    assert paged("limit=5", 5) == paged("limit=100", 100) <= 7
    assert paged("limit=5&after=50", 5) == paged("limit=100&after=50", 100) <= 8
    assert paged("limit=6&around=250", 6) == paged("limit=100&around=250", 100) <= 8


def test_a_group_costs_the_same_with_2_and_with_200_members(cost, alice, bob, acme):
    small = create_group(actor=alice, title="Small", member_ids=[bob.pk]).conversation_id
    crowd = [person.pk for person in people(199, acme)]
    large = create_group(actor=alice, title="Large", member_ids=crowd).conversation_id

    def opened(pk: int, of: int) -> int:
        path = f"{CHAT}/conversations/{pk}"
        return cost(alice, path, size=lambda found: len(found["participants"]), of=of)

    assert opened(small, 2) == opened(large, 200) <= 9


def test_sync_costs_the_same_for_5_and_for_100_conversations(cost, alice, acme):
    def synchronized(of: int) -> int:
        size = lambda page: len(page["conversations"])  # noqa: E731
        return cost(alice, f"{CHAT}/sync", size=size, of=of, conversations={})

    chats(alice, people(5, acme))
    few = synchronized(5)
    chats(alice, people(95, acme))
    assert synchronized(100) == few <= 14


def test_sync_of_what_is_known_costs_the_same_however_much_changed(cost, alice, acme):
    made = chats(alice, people(60, acme))
    held = {each.pk: each.version for each in made}

    def synchronized(of: int) -> int:
        size = lambda page: len(page["conversations"])  # noqa: E731
        return cost(alice, f"{CHAT}/sync", size=size, of=of, conversations=held)

    for each in made[:2]:
        say(each, each.created_by, 3)
    few = synchronized(2)
    for each in made[2:]:
        say(each, each.created_by, 3)
    assert synchronized(60) == few <= 14


def test_contacts_and_their_presence_cost_the_same_for_5_and_for_300(cost, alice, acme):
    def asked(of: int) -> tuple[int, int]:
        return (
            cost(alice, f"{CHAT}/contacts", size=lambda found: len(found["contacts"]), of=of),
            cost(alice, f"{CHAT}/online-status", size=lambda found: len(found["users"]), of=of),
        )

    people(5, acme)
    few = asked(5)
    people(295, acme)
    assert asked(300) == few
    assert max(few) <= 8


def test_making_a_group_and_adding_to_it_cost_the_same_for_2_and_for_50(api, alice, acme):
    device = api(alice)

    def made(number: int) -> tuple[int, int]:
        first, second = ([person.pk for person in people(number, acme)] for _ in range(2))
        body = {"type": "group", "title": "Team", "memberIds": first}
        with CaptureQueriesContext(connection) as making:
            group = device.post(f"{CHAT}/conversations", body).json()["id"]
        path = f"{CHAT}/conversations/{group}/members"
        with CaptureQueriesContext(connection) as adding:
            assert device.post(path, {"userIds": second}).status_code == 200
        return len(making), len(adding)

    made(2)
    # As many as SQLite inserts at once; larger groups take a query more per batch.
    assert made(2) == made(50)


def test_sending_costs_the_same_in_a_group_of_2_and_of_200(api, alice, bob, acme):
    small = create_group(actor=alice, title="Small", member_ids=[bob.pk]).conversation_id
    crowd = [person.pk for person in people(199, acme)]
    large = create_group(actor=alice, title="Large", member_ids=crowd).conversation_id
    device = api(alice)

    def sent(pk: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            path = f"{CHAT}/conversations/{pk}/messages"
            assert device.post(path, {"content": "Hello"}).status_code == 201
        return len(queries)

    sent(small), sent(large)
    assert sent(small) == sent(large)


def test_reading_costs_the_same_for_1_and_for_300_messages(api, alice, bob):
    place, _created = get_or_create_direct(actor=alice, target_user_id=bob.pk)
    path = f"{CHAT}/conversations/{place.conversation_id}/read"
    device = api(bob)

    def read(number: int) -> int:
        chat = Conversation.objects.get(pk=place.conversation_id)
        say(chat, alice, number)
        with CaptureQueriesContext(connection) as queries:
            assert device.patch(path, {}).json()["readSeq"] == chat.last_seq
        return len(queries)

    read(1)
    assert read(1) == read(300)
