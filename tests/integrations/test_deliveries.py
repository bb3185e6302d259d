"""How a delivery ends, whatever the receiver does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from chatproject.errors import Conflict, Forbidden, Invalid
from integrations.carrying import Answer as Said
from integrations.carrying import Verdict
from integrations.models import WebhookDelivery, WebhookEndpoint
from integrations.services import delivering, endpoints
from notifications.models import Notification
from tests.integrations.receiver import verified
from tests.notifications.push_service import Answer, closed_port


@pytest.fixture
def made(endpoint) -> WebhookEndpoint:
    return endpoint[0]


@pytest.fixture
def delivery(alice, made) -> WebhookDelivery:
    return endpoints.enqueue_test(actor=alice, endpoint=made)


def later(delivery: WebhookDelivery, **time: float) -> None:
    """As if so much had gone by."""
    moment = timezone.now() - timedelta(**time)
    WebhookDelivery.objects.filter(pk=delivery.pk).update(due_at=moment)
    WebhookEndpoint.objects.filter(pk=delivery.endpoint_id).update(resting_until=None)


def now(delivery: WebhookDelivery) -> WebhookDelivery:
    delivery.refresh_from_db()
    return delivery


def test_it_is_tried_again_under_the_same_id(delivery, receiver, endpoint, tell) -> None:
    receiver.answers(Answer(500), Answer(503, {"Retry-After": "120"}))
    tell()
    assert (now(delivery).state, delivery.status, delivery.reason) == ("waiting", 500, "HTTP 500")
    later(delivery)
    tell()
    assert delivery.due_at < now(delivery).due_at - timedelta(seconds=100)
    later(delivery)
    tell()
    assert (now(delivery).state, delivery.attempts) == ("sent", 3)
    assert len({each.headers["webhook-id"] for each in receiver.received}) == 1
    assert all(verified(each, endpoint[1])["type"] == "test" for each in receiver.received)


def test_while_it_fails_the_endpoint_is_left_in_peace(alice, delivery, made, receiver, tell):
    receiver.answers(Answer(500))
    tell()
    WebhookDelivery.objects.create(
        endpoint=made, event="test", payload="{}", due_at=timezone.now(), created_at=timezone.now()
    )
    tell()
    assert len(receiver.received) == 1
    later(delivery)
    tell()
    made.refresh_from_db()
    assert len(receiver.received) == 3 and made.failing_since is None


def test_in_the_end_it_is_given_up(delivery, receiver, tell) -> None:
    WebhookDelivery.objects.update(attempts=len(delivering.PAUSES))
    receiver.answers(Answer(500))
    tell()
    assert (now(delivery).state, delivery.reason) == ("dead", "HTTP 500")
    assert delivery.finished_at


@pytest.mark.parametrize("answer", [Answer(302, {"Location": "/elsewhere"}), Answer(400)])
def test_whatever_is_no_success_is_none(delivery, receiver, tell, answer) -> None:
    receiver.answers(answer)
    tell()
    assert now(delivery).state == "waiting"
    assert len(receiver.server.received) == 1, "a redirection is not followed"


def test_who_wants_nothing_more_gets_nothing_more(
    delivery, made, receiver, tell, alice, bob, mallory
) -> None:
    receiver.answers(Answer(410))
    tell()
    made.refresh_from_db()
    assert now(delivery).state == "dead" and made.disabled_at and "410" in made.disabled_reason
    told = Notification.objects.filter(kind="system")
    assert [(each.user, "Builds" in each.text) for each in told] == [(alice, True)]
    assert AuditEntry.objects.filter(action="webhook_endpoint.failed").exists()


def test_who_is_silent_for_three_days_is_switched_off(delivery, made, receiver, tell, alice):
    receiver.answers(Answer(500), Answer(500))
    tell()
    made.refresh_from_db()
    assert made.failing_since and not made.disabled_at
    WebhookEndpoint.objects.update(failing_since=timezone.now() - delivering.PATIENCE)
    later(delivery)
    tell()
    made.refresh_from_db()
    assert made.disabled_at and Notification.objects.filter(user=alice, kind="system").exists()
    with pytest.raises(Conflict):
        endpoints.enqueue_test(actor=alice, endpoint=made)
    endpoints.switch_endpoint(actor=alice, endpoint=made, is_on=True)
    made.refresh_from_db()
    assert not made.disabled_at and not made.failing_since


def test_who_cannot_be_reached_is_tried_again(alice, robo, made, delivery, tell) -> None:
    WebhookEndpoint.objects.update(url=f"https://127.0.0.1:{closed_port()}/")
    tell()
    assert (now(delivery).state, delivery.status) == ("waiting", None)
    assert delivery.reason == "It could not be reached."


def test_where_the_name_leads_is_looked_at_again(delivery, receiver, tell, settings) -> None:
    """When it was stored it was public; now the address is one of the inside."""
    settings.PUSH_ALLOWED_NETWORKS = []
    tell()
    assert receiver.received == []
    assert now(delivery).reason == "This address is not on the open internet."


@pytest.mark.parametrize(
    "url", ["http://93.184.215.14/", "https://127.0.0.1/", "https://169.254.169.254/", "nowhere"]
)
def test_an_address_that_is_not_public_is_refused(alice, robo, made, settings, url) -> None:
    settings.PUSH_ALLOWED_NETWORKS = []
    with pytest.raises(Invalid) as refused:
        endpoints.create_endpoint(
            actor=alice, bot=robo, name="Inside", url=url, events=["newMessage"]
        )
    assert refused.value.attr == "url"
    with pytest.raises(Invalid):
        endpoints.change_endpoint(
            actor=alice, endpoint=made, name="Inside", url=url, events=["newMessage"]
        )


def test_a_worker_that_comes_back_from_the_dead_changes_nothing(delivery) -> None:
    taken, _more = delivering.take_due(now=timezone.now(), limit=10)
    assert delivering.take_due(now=timezone.now(), limit=10)[0] == []
    after = timezone.now() + delivering.LEASE
    (again,), _more = delivering.take_due(now=after, limit=10)
    assert again.attempt == taken[0].attempt + 1 and again.key == taken[0].key
    delivering.settle(answers=[(taken[0], Said(Verdict.AGAIN, "late"))])
    assert now(delivery).state == "sending"
    delivering.settle(answers=[(again, Said(Verdict.DONE, status=200))])
    assert now(delivery).state == "sent"


def test_one_that_dawdles_holds_up_no_other(alice, robo, made, receiver) -> None:
    other, _secret = endpoints.create_endpoint(
        actor=alice, bot=robo, name="Other", url=f"{receiver.url}-2", events=["newMessage"]
    )
    moment = timezone.now()
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(endpoint=each, event="test", payload="{}", due_at=moment, created_at=moment)
        for each, number in ((made, 30), (other, 3))
        for _ in range(number)
    )
    taken, _more = delivering.take_due(now=timezone.now(), limit=100)
    by_url = [each.url for each in taken]
    assert by_url.count(made.url) == delivering.AT_ONCE and by_url.count(other.url) == 3
    assert delivering.take_due(now=timezone.now(), limit=100)[0] == []


def test_it_is_sent_again_when_somebody_asks(delivery, receiver, tell, alice, bob) -> None:
    tell()
    with pytest.raises(Forbidden):
        endpoints.redeliver(actor=bob, delivery=now(delivery))
    endpoints.redeliver(actor=alice, delivery=now(delivery))
    with pytest.raises(Conflict):
        endpoints.redeliver(actor=alice, delivery=now(delivery))
    tell()
    first, second = receiver.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]


def test_the_log_ends_somewhere(delivery, tell, settings) -> None:
    tell()
    delivering.forget_old(now=timezone.now() + timedelta(days=settings.WEBHOOK_LOG_DAYS - 1))
    assert WebhookDelivery.objects.exists()
    delivering.forget_old(now=timezone.now() + timedelta(days=settings.WEBHOOK_LOG_DAYS + 1))
    assert not WebhookDelivery.objects.exists()


def test_a_secret_of_another_server_key_is_told(delivery, receiver, tell, settings) -> None:
    kept = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "x" * 60, [kept]
    tell()
    assert now(delivery).state == "sent"
    WebhookDelivery.objects.update(state="waiting", finished_at=None, due_at=timezone.now())
    settings.SECRET_KEY_FALLBACKS = []
    tell()
    assert now(delivery).state == "dropped" and "new one" in delivery.reason


def test_only_administrators_of_its_organization_make_endpoints(alice, bob, mallory, robo, made):
    for stranger in (bob, mallory):
        for refused in (
            lambda actor: endpoints.create_endpoint(
                actor=actor, bot=robo, name="Ear", url=made.url, events=["newMessage"]
            ),
            lambda actor: endpoints.rotate_secret(actor=actor, endpoint=made),
            lambda actor: endpoints.enqueue_test(actor=actor, endpoint=made),
            lambda actor: endpoints.remove_endpoint(actor=actor, endpoint=made),
            lambda actor: endpoints.switch_endpoint(actor=actor, endpoint=made, is_on=False),
        ):
            with pytest.raises(Forbidden):
                refused(stranger)
    endpoints.remove_endpoint(actor=alice, endpoint=made)
    assert not WebhookEndpoint.objects.exists()


def test_its_page_does_all_of_that(browser_of, alice, bob, robo, receiver, tell) -> None:
    browser, path = browser_of(alice), f"/settings/bots/{robo.pk}"
    form = {"name": "Builds", "url": receiver.url, "events": ["newMessage"]}
    shown = browser.post(f"{path}/webhooks", form).context["shown"]
    page = f"{path}/webhooks/{WebhookEndpoint.objects.get().pk}"
    assert shown.text.startswith("whsec_")
    browser.post(f"{page}/test")
    assert verified(receiver.received[0], shown.text)["type"] == "test"
    assert "HTTP 201" in browser.get(page).content.decode()
    again = WebhookDelivery.objects.get()
    assert browser.post(f"{page}/deliveries/{again.pk}/again").status_code == 302
    receiver.answers(Answer(500))
    tell()
    assert "HTTP 500" in browser.get(page).content.decode()
    assert browser.post(f"{page}/secret").context["shown"].text != shown.text
    assert browser.post(f"{page}/change", {"name": ""}).context["form"].errors
    assert browser.post(f"{page}/change", form | {"name": "Renamed"}).status_code == 302
    browser.post(f"{page}/off")
    assert "switched off" in browser.get(page).content.decode()
    browser.post(f"{page}/on")
    assert browser_of(bob).get(page).status_code == 403
    assert browser.post(f"{page}/remove").status_code == 302
    assert not WebhookEndpoint.objects.exists()
