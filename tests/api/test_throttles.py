"""Too fast is told so, with the time to wait, and only to whoever is."""

import pytest

from accounts.throttling import Throttle
from conversations.models import Message
from conversations.services.conversations import get_or_create_direct
from tests.api.conftest import assert_refused


@pytest.fixture
def limit(monkeypatch):
    def limited(scope: str, rate: str) -> None:
        monkeypatch.setitem(Throttle.rates, scope, rate)

    return limited


@pytest.fixture
def messages(alice, bob) -> str:
    place, _created = get_or_create_direct(actor=alice, target_user_id=bob.pk)
    return f"/api/chat/conversations/{place.conversation_id}/messages"


def test_sending_too_fast_is_refused_and_stores_nothing(api, alice, bob, messages, limit):
    limit("send", "3/min")
    answers = [api(alice).post(messages, {"content": "Hello"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    assert_refused(answers[-1], status=429)
    assert answers[-1].json()["errors"][0]["code"] == "throttled"
    assert 1 <= int(answers[-1]["Retry-After"]) <= 61
    assert Message.objects.count() == 3
    assert api(bob).post(messages, {"content": "Hi"}).status_code == 201


def test_who_sends_too_fast_can_still_read_and_confirm(api, alice, messages, limit):
    limit("send", "1/min")
    device = api(alice)
    for _ in range(2):
        last = device.post(messages, {"content": "Hello"})
    assert last.status_code == 429
    assert device.get(messages).status_code == 200
    assert device.patch(messages.replace("messages", "read"), {}).status_code == 200


def test_looking_and_changing_have_limits_of_their_own(api, alice, messages, limit):
    limit("read", "2/min")
    limit("change", "1/min")
    device = api(alice)
    assert [device.get(messages).status_code for _ in range(3)] == [200, 200, 429]
    answers = [device.post("/api/chat/sync", {"conversations": {}}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert device.post(messages, {"content": "Hello"}).status_code == 201


def test_all_that_one_person_asks_has_an_end(api, alice, bob, limit):
    limit("user", "2/min")
    paths = ("/api/chat/contacts", "/api/notifications", "/api/capabilities")
    assert [api(alice).get(path).status_code for path in paths] == [200, 200, 429]
    assert api(bob).get("/api/capabilities").status_code == 200


def test_strangers_are_limited_by_their_address(client, limit, settings):
    limit("anon", "1/min")
    settings.TRUSTED_PROXIES = []
    assert client.get("/api/capabilities").status_code == 200
    # What anybody can write into a header makes nobody somebody else.
    refused = client.get("/api/capabilities", headers={"X-Forwarded-For": "203.0.113.9"})
    assert_refused(refused, status=429)
    assert client.get("/api/capabilities", REMOTE_ADDR="203.0.113.9").status_code == 200
