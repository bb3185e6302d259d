"""A retry is safe, also when it overtakes the first try."""

from collections import Counter
from functools import partial
from uuid import uuid4

import pytest

from conversations.models import Conversation, Message
from conversations.services.conversations import create_group, get_or_create_direct
from tests.threads import at_once

TRIES = 20


@pytest.fixture
def messages(alice, bob) -> str:
    place, _created = get_or_create_direct(actor=alice, target_user_id=bob.pk)
    return f"/api/chat/conversations/{place.conversation_id}/messages"


@pytest.mark.django_db(transaction=True)
def test_20_sends_of_one_client_id_at_once_are_one_message(api, alice, messages, published):
    published.forget()
    body = {"content": "Hello", "clientId": str(uuid4())}
    answers = at_once(*[partial(api(alice).post, messages, body) for _ in range(TRIES)])
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: TRIES - 1}
    assert len({answer.content for answer in answers}) == 1
    assert Message.objects.count() == 1
    assert published.names.count("newMessage") == 1


@pytest.mark.django_db(transaction=True)
def test_20_different_sends_at_once_are_20_messages_in_one_order(api, alice, bob, messages):
    body = {"content": "Hello"}
    people = [alice, bob] * (TRIES // 2)
    answers = at_once(*[partial(api(person).post, messages, body) for person in people])
    assert {answer.status_code for answer in answers} == {201}
    assert sorted(answer.json()["seq"] for answer in answers) == list(range(1, TRIES + 1))
    assert Conversation.objects.get().last_seq == TRIES


@pytest.mark.django_db(transaction=True)
def test_one_client_id_in_two_conversations_at_once_is_sent_in_one(api, alice, bob, messages):
    """Neither holds the other's lock: the database alone decides."""
    group = create_group(actor=alice, title="Team", member_ids=[bob.pk]).conversation_id
    elsewhere = f"/api/chat/conversations/{group}/messages"
    body = {"content": "Hello", "clientId": str(uuid4())}
    paths = [messages, elsewhere] * 5
    answers = at_once(*[partial(api(alice).post, path, body) for path in paths])
    assert Message.objects.filter(kind="text").count() == 1
    codes = Counter(answer.status_code for answer in answers)
    assert codes == {201: 1, 200: 4, 409: 5}
