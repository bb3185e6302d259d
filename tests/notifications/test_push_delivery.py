"""What becomes of a push: over real TLS to a real push service, whatever that answers."""

import time
from collections import Counter
from datetime import timedelta
from email.utils import format_datetime
from ipaddress import ip_address

import pytest
from django.utils import timezone

from chatproject.events import PushShape
from conversations.pusher import work
from conversations.services.announcing import announce_due
from conversations.services.delivering import deliver_due
from notifications import deliveries
from notifications.models import OutboxEntry, PushDelivery, PushSubscription
from notifications.push import endpoints, vapid
from notifications.push.answers import Answer as Outcome
from notifications.push.answers import Verdict
from notifications.push.message import Push
from notifications.push.sender import send_now
from tests.notifications.push_service import (
    HANG_UP,
    Answer,
    Browser,
    closed_port,
    verified_claims,
)


@pytest.fixture
def told(alice, bob, direct, say, browser_with_push, push_round):
    """`told(Answer(500))`: Bob's browser, and what its push service answers to the push it gets."""

    def tell(*answers: Answer) -> Browser:
        browser = browser_with_push(bob)
        browser.answers(*answers)
        OutboxEntry.objects.create(message=say(direct, alice, "Hi"), due_at=timezone.now())
        push_round()
        return browser

    return tell


def the_delivery() -> PushDelivery:
    return PushDelivery.objects.get()


def waits(delivery: PushDelivery) -> float:
    return (delivery.due_at - timezone.now()).total_seconds()


def make_due() -> None:
    PushDelivery.objects.filter(state="waiting").update(due_at=timezone.now())


def test_201_it_arrives_encrypted_and_signed(told, settings):
    browser = told(Answer(201))
    (received,) = browser.received
    assert browser.shown[0]["title"] == "Alice"
    assert b"Alice" not in received.body
    headers = received.headers
    assert headers["content-encoding"] == "aes128gcm"
    assert headers["ttl"] == "86400"
    assert headers["urgency"] == "high"
    assert len(headers["topic"]) == 32
    assert "conversation" not in headers["topic"]
    claims = verified_claims(headers["authorization"], public_key=vapid.application_server_key())
    assert claims["aud"] == browser.service.url
    assert claims["sub"].startswith("mailto:")
    assert time.time() < claims["exp"] < time.time() + 24 * 3600
    assert the_delivery().state == "sent"


@pytest.mark.parametrize("status", [404, 410])
def test_404_and_410_the_device_is_forgotten(told, status):
    told(Answer(status))
    delivery = the_delivery()
    assert (delivery.state, delivery.reason) == ("gone", f"HTTP {status}")
    assert not PushSubscription.objects.exists()


def test_413_it_is_sent_again_without_words(told):
    browser = told(Answer(413))
    assert [each["title"] for each in browser.shown] == ["Alice", "Parley"]
    assert the_delivery().state == "sent"


def test_413_twice_it_is_given_up(told):
    browser = told(Answer(413), Answer(413))
    assert len(browser.received) == 2
    assert (the_delivery().state, the_delivery().reason) == ("dead", "HTTP 413")


def test_429_it_waits_as_long_as_it_is_asked_to(told, push_round):
    browser = told(Answer(429, {"Retry-After": "120"}))
    assert the_delivery().state == "waiting"
    assert 110 < waits(the_delivery()) <= 120
    push_round()
    assert len(browser.received) == 1
    make_due()
    push_round()
    assert len(browser.received) == 2
    assert browser.received[0].headers["topic"] == browser.received[1].headers["topic"]
    assert browser.shown[0]["tag"] == browser.shown[1]["tag"]
    assert (the_delivery().state, the_delivery().attempts) == ("sent", 2)


def test_429_until_a_date_it_waits_until_then(told):
    moment = timezone.now() + timedelta(seconds=300)
    told(Answer(429, {"Retry-After": format_datetime(moment, usegmt=True)}))
    assert 295 < waits(the_delivery()) <= 300


@pytest.mark.parametrize("nonsense", ["soon", "-5", "", "Wed, 99 Foo 2026 25:00:00 GMT", "1e9"])
def test_503_with_nonsense_for_a_date_waits_as_without(told, nonsense):
    told(Answer(503, {"Retry-After": nonsense}))
    assert 3 < waits(the_delivery()) < 7


def test_who_is_to_wait_longer_than_a_push_lives_is_not_told(told):
    told(Answer(429, {"Retry-After": "999999999"}))
    assert (the_delivery().state, the_delivery().reason) == ("dead", "HTTP 429")


def test_500_it_is_tried_again_ever_more_patiently_and_then_given_up(told, push_round):
    browser = told(*[Answer(500)] * deliveries.MAX_ATTEMPTS)
    pauses = []
    while the_delivery().state == "waiting":
        pauses.append(waits(the_delivery()))
        make_due()
        push_round()
    assert len(browser.received) == deliveries.MAX_ATTEMPTS
    assert 3 < pauses[0] < 7
    assert pauses[5] > 2 * pauses[3]
    assert all(pause <= deliveries.LONGEST_BACKOFF * 1.25 for pause in pauses)
    assert (the_delivery().state, the_delivery().reason) == ("dead", "HTTP 500")


def test_a_service_that_does_not_answer_holds_up_nobody(
    monkeypatch, alice, bob, carol, group, say, browser_with_push
):
    monkeypatch.setattr("notifications.push.sender.TOTAL_TIMEOUT", 0.5)
    slow, quick = browser_with_push(bob), browser_with_push(carol)
    slow.answers(Answer(delay=3))
    OutboxEntry.objects.create(message=say(group, alice, "Hi"), due_at=timezone.now())
    began = time.monotonic()
    work(send_now)
    assert time.monotonic() - began < 2.5
    assert len(quick.received) == 1
    states = dict(PushDelivery.objects.values_list("user__display_name", "state"))
    assert states == {"Bob": "waiting", "Carol": "sent"}
    assert "in time" in PushDelivery.objects.get(user=bob).reason


def test_a_service_that_is_not_there_is_tried_again(told):
    port = closed_port()

    def elsewhere(browser):
        PushSubscription.objects.update(endpoint=f"https://127.0.0.1:{port}/push/x")

    browser = told(Answer(500))
    elsewhere(browser)
    make_due()
    work(send_now)
    assert "could not be reached" in the_delivery().reason
    assert the_delivery().state == "waiting"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirection_leads_nowhere(told, status):
    browser = told(Answer(status, {"Location": "https://127.0.0.1/internal"}))
    assert len(browser.service.received) == 1
    assert (the_delivery().state, the_delivery().reason) == ("dead", f"HTTP {status}")


def test_an_address_that_is_not_public_any_more_is_not_called(told, settings):
    browser = told(Answer(500))
    settings.PUSH_ALLOWED_NETWORKS = []
    make_due()
    work(send_now)
    assert len(browser.received) == 1
    assert the_delivery().state == "dead"
    assert "open internet" in the_delivery().reason


@pytest.fixture
def told_by_name(told, monkeypatch):
    """`told_by_name([address], …)`: its push service has a name, which points to these, then to those."""

    def tell(*answers: list[str]):
        browser = told(Answer(500))
        port = browser.service.url.rpartition(":")[2]
        PushSubscription.objects.update(endpoint=f"https://localhost:{port}{browser.path}")
        pointing = iter(answers)
        monkeypatch.setattr(
            endpoints, "addresses_of", lambda _host: [ip_address(one) for one in next(pointing)]
        )
        make_due()
        work(send_now)
        return len(browser.received) - 1, pointing

    return tell


def test_what_is_called_is_what_was_looked_at(told_by_name):
    """A name that points to an allowed address when it is asked about, and inside a moment later."""
    count, pointing = told_by_name(["127.0.0.1"], ["10.0.0.1"])
    assert (count, the_delivery().state) == (1, "sent")
    assert next(pointing) == ["10.0.0.1"], "it is asked about once"


def test_a_name_that_points_inside_too_is_not_called(told_by_name):
    count, _pointing = told_by_name(["127.0.0.1", "10.0.0.1"])
    assert (count, the_delivery().state) == (0, "dead")
    assert "open internet" in the_delivery().reason


@pytest.mark.once
@pytest.mark.parametrize("host", ["10.0.0.1", "[::1]", "[::ffff:10.0.0.1]", "127.1", "2130706433"])
def test_an_address_without_a_name_is_looked_at_too(host, service):
    keys = Browser(service, "x").keys
    push = Push(
        kind="web",
        endpoint=f"https://{host}/push",
        p256dh=keys["p256dh"],
        auth=keys["auth"],
        shape=PushShape(kind="test", tag="t", title="t", body="b", url="/", at=timezone.now()),
    )
    (answer,) = send_now([push])
    assert answer.verdict == Verdict.REFUSED


def test_a_service_that_hangs_up_is_called_once_more_at_once(told):
    """As one does that gave up a kept connection in the moment in which it was used."""
    browser = told(Answer(HANG_UP))
    assert (the_delivery().state, the_delivery().attempts) == ("sent", 1)
    first, second = browser.received
    assert first.headers["topic"] == second.headers["topic"]


def test_a_worker_that_was_killed_is_followed_by_another_with_the_same_tag(told, push_round):
    browser = told(Answer(500))
    make_due()
    # It took the push and sent it, and was gone before it could say so.
    (taken,) = deliveries.take(now=timezone.now(), limit=10)
    push_round()
    assert len(browser.received) == 1, "the lease is still good"
    later = timezone.now() + deliveries.LEASE + timedelta(seconds=1)
    assert deliver_due(now=later, send=send_now)
    assert [each["tag"] for each in browser.shown] == [browser.shown[0]["tag"]] * 2
    assert the_delivery().state == "sent"
    # The dead one comes back: its answer is nobody's any more.
    deliveries.settle([(taken, "late")])
    assert the_delivery().state == "sent"


def test_a_retry_gives_way_to_a_newer_push_of_the_same_conversation(
    alice, bob, direct, say, browser_with_push, push_round
):
    browser = browser_with_push(bob)
    first = say(direct, alice, "One")
    OutboxEntry.objects.create(message=first, due_at=timezone.now())
    browser.answers(Answer(500))

    def meanwhile(pushes):
        answers = send_now(pushes)
        if PushDelivery.objects.count() == 1:
            OutboxEntry.objects.create(message=say(direct, alice, "Two"), due_at=timezone.now())
            announce_due(now=timezone.now())
        return answers

    work(meanwhile)
    states = list(PushDelivery.objects.order_by("pk").values_list("state", flat=True))
    assert states[0] == "replaced"
    PushDelivery.objects.filter(state="waiting").update(due_at=timezone.now())
    push_round()
    assert len(browser.received) == 2


def test_what_ended_alike_is_noted_together(
    alice, carol, bob, group, say, browser_with_push, django_assert_max_num_queries
):
    """However many they are: the three of a round, or two hundred."""
    for number in range(20):
        browser_with_push(bob if number % 2 else carol)
    OutboxEntry.objects.create(message=say(group, alice, "Hi"), due_at=timezone.now())
    announce_due(now=timezone.now())
    taken = deliveries.take(now=timezone.now(), limit=100)
    gone, sent = (Verdict.GONE, Verdict.SENT)
    answers = [(each, Outcome(gone if each.pk % 5 == 0 else sent)) for each in taken]
    with django_assert_max_num_queries(10):
        deliveries.settle(answers)
    states = Counter(PushDelivery.objects.values_list("state", flat=True))
    assert states == {"sent": 16, "gone": 4}
    assert PushSubscription.objects.count() == 16


def test_no_log_names_the_address_or_a_key(told, settings, caplog):
    caplog.set_level("INFO")
    browser = told(Answer(500), Answer(410))
    make_due()
    work(send_now)
    secrets = [browser.path, *browser.keys.values(), settings.VAPID_PRIVATE_KEY]
    assert len(browser.received) == 2
    assert not [secret for secret in secrets if secret in caplog.text]
