"""The test button: a push at once, and what came of it."""

import pytest

from notifications.models import PushSubscription
from tests.notifications.push_service import Answer

URL = "/api/notifications/push-subscriptions/test"


@pytest.fixture
def bobs(api, bob, browser_with_push):
    """Bob's client, on a device that is subscribed; and another browser of his."""
    client = api(bob)
    other = browser_with_push(bob)
    this = browser_with_push(bob)
    device = bob.sessions.order_by("pk").first()
    PushSubscription.objects.filter(endpoint=this.endpoint).update(session=device)
    return client, this, other


def test_this_device_is_greeted(bobs):
    client, this, other = bobs
    (result,) = client.post(URL, {}).json()["results"]
    assert (result["isDelivered"], result["detail"]) == (True, "The push service took it.")
    assert this.shown[0]["kind"] == "test"
    assert other.received == []


def test_another_one_of_mine_too(bobs, bob):
    client, this, other = bobs
    chosen = PushSubscription.objects.get(endpoint=other.endpoint)
    (result,) = client.post(URL, {"id": chosen.pk}).json()["results"]
    assert result["isDelivered"] and result["device"] == "Bob's browser"
    assert (len(other.received), this.received) == (1, [])


@pytest.mark.parametrize(
    ("answer", "detail", "stays"),
    [(Answer(410), "HTTP 410", False), (Answer(500), "HTTP 500", True)],
)
def test_what_went_wrong_is_told(answer, detail, stays, bobs):
    client, this, _other = bobs
    this.answers(answer)
    (result,) = client.post(URL, {}).json()["results"]
    assert (result["isDelivered"], result["detail"]) == (False, detail)
    assert PushSubscription.objects.filter(endpoint=this.endpoint).exists() == stays


def test_those_of_others_are_not_found(bobs, api, carol, mallory):
    _client, this, _other = bobs
    chosen = PushSubscription.objects.get(endpoint=this.endpoint)
    for outsider in (carol, mallory):
        assert api(outsider).post(URL, {"id": chosen.pk}).status_code == 404
    assert api(carol).post(URL, {}).status_code == 404
    assert this.received == []
