import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Session, User
from accounts.roles import Role
from notifications.models import Notification, PushSubscription
from tests.cast import PASSWORD, person

LIST = "/admin/notifications/notification/"
DEVICES = "/admin/notifications/pushsubscription/"


@pytest.fixture
def ada(acme) -> User:
    return person("Ada", acme, Role.ADMIN)


@pytest.fixture
def subscription(bob) -> PushSubscription:
    return PushSubscription.objects.create(
        user=bob,
        session=Session.objects.create(user=bob, kind="browser", label="Firefox"),
        kind="web",
        endpoint="https://push.example/secret-endpoint",
        p256dh="secret-key",
        auth="secret-auth",
    )


def text(answer) -> str:
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


def test_it_is_told_that_somebody_was_notified_but_not_of_what(
    browser_of, ada, alice, bob, direct, notified
):
    notification = notified(bob, direct, alice, "the words between us")
    client = browser_of(ada)
    for page in (LIST, f"{LIST}{notification.pk}/change/"):
        shown = text(client.get(page))
        assert "Bob" in shown
        assert "the words between us" not in shown


def test_it_is_searched_and_filtered(browser_of, ada, alice, bob, carol, direct, group, notified):
    of_bob, of_carol = notified(bob, direct, alice), notified(carol, group, alice)
    Notification.objects.filter(pk=of_bob.pk).update(read_at=of_bob.updated_at)
    client = browser_of(ada)

    def found(**query: str) -> list[Notification]:
        return list(client.get(LIST, query).context["cl"].result_list)

    assert found() == [of_carol, of_bob]
    assert found(q="carol") == [of_carol]
    assert found(q="climbing") == [of_carol]
    assert found(read_at__isempty="0") == [of_bob]


def test_the_address_of_a_device_is_shown_to_nobody(browser_of, subscription, alice, db):
    operator = User.objects.create_superuser("root@ops.example", PASSWORD)
    for viewer in (alice, operator):
        client = browser_of(viewer)
        for page in (DEVICES, f"{DEVICES}{subscription.pk}/change/"):
            shown = text(client.get(page))
            assert "Firefox" in shown
            assert "secret" not in shown
        guess = client.get(DEVICES, {"endpoint__startswith": "https://push.example/s"})
        assert guess.status_code in (302, 400)


def test_nothing_can_be_added_changed_or_deleted(browser_of, ada, alice, bob, direct, notified):
    notification = notified(bob, direct, alice)
    client = browser_of(ada)
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{notification.pk}/change/", {"count": 5}).status_code == 403
    assert client.post(f"{LIST}{notification.pk}/delete/").status_code == 403


def test_another_organization_sees_nothing(
    browser_of, mallory, alice, bob, direct, notified, subscription
):
    notification = notified(bob, direct, alice)
    client = browser_of(mallory)
    for listed, row in ((LIST, notification), (DEVICES, subscription)):
        assert list(client.get(listed).context["cl"].result_list) == []
        assert client.get(f"{listed}{row.pk}/change/").status_code == 302


def test_members_have_no_business_here(browser_of, bob):
    for page in (LIST, DEVICES):
        assert browser_of(bob).get(page, follow=True).status_code == 403


def test_the_list_takes_the_same_queries_however_long(browser_of, ada, acme, alice, direct, say):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            text(client.get(LIST))
        return len(captured)

    def announce(amount: int) -> None:
        message = say(direct, alice, "Hi")
        people = User.objects.bulk_create(
            User(organization=acme, email=f"{message.pk}-{number}@acme.example")
            for number in range(amount)
        )
        Notification.objects.bulk_create(
            Notification(
                user=user,
                kind="message",
                conversation=direct,
                message=message,
                created_at=message.created_at,
                updated_at=message.created_at,
            )
            for user in people
        )

    client = browser_of(ada)
    announce(3)
    queries()
    before = queries()
    announce(40)
    assert queries() == before
