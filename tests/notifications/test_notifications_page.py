import pytest
from django.test import Client

from notifications.models import Notification


def test_the_page_shows_what_happened(browser_of, alice, bob, direct, notified):
    notified(bob, direct, alice, "Are you <b>there</b>?")
    page = browser_of(bob).get("/notifications")
    assert page.status_code == 200
    text = page.content.decode()
    assert "Alice" in text
    assert "Are you &lt;b&gt;there&lt;/b&gt;?" in text


def test_an_empty_page_says_so(browser_of, bob):
    assert "caught up" in browser_of(bob).get("/notifications").content.decode()


def test_older_ones_are_a_link_away(browser_of, alice, bob, direct, say):
    now = direct.created_at
    Notification.objects.bulk_create(
        Notification(
            user=bob,
            kind=Notification.Kind.SYSTEM,
            text=f"News {number:02}",
            created_at=now,
            updated_at=now,
        )
        for number in range(51)
    )
    client = browser_of(bob)
    first = client.get("/notifications")
    assert "News 00" not in first.content.decode()
    cursor = first.context["page"].next_cursor
    assert "News 00" in client.get("/notifications", {"cursor": cursor}).content.decode()


def test_opening_one_marks_it_and_leads_to_the_conversation(
    browser_of, alice, bob, direct, notified
):
    notification = notified(bob, direct, alice)
    answer = browser_of(bob).post(f"/notifications/{notification.pk}/read")
    assert (answer.status_code, answer["Location"]) == (302, f"/c/{direct.pk}")
    assert not Notification.objects.unread().exists()


def test_opening_one_without_a_conversation_comes_back(browser_of, bob, direct):
    notification = Notification.objects.create(
        user=bob, kind="system", created_at=direct.created_at, updated_at=direct.created_at
    )
    answer = browser_of(bob).post(f"/notifications/{notification.pk}/read")
    assert answer["Location"] == "/notifications"


def test_all_are_read_by_one_button(browser_of, alice, bob, direct, group, notified):
    for conversation in (direct, group):
        notified(bob, conversation, alice)
    answer = browser_of(bob).post("/notifications/read-all")
    assert answer["Location"] == "/notifications"
    assert not Notification.objects.unread().exists()


def test_one_is_removed_by_its_button(browser_of, alice, bob, direct, notified):
    notification = notified(bob, direct, alice)
    answer = browser_of(bob).post(f"/notifications/{notification.pk}/delete")
    assert answer["Location"] == "/notifications"
    assert not Notification.objects.exists()


@pytest.mark.parametrize("what", ["read", "delete"])
def test_those_of_others_are_not_found(what, browser_of, alice, bob, mallory, direct, notified):
    notification = notified(bob, direct, alice)
    for outsider in (alice, mallory):
        answer = browser_of(outsider).post(f"/notifications/{notification.pk}/{what}")
        assert answer.status_code == 404
    assert list(Notification.objects.unread()) == [notification]


def test_a_link_changes_nothing(browser_of, alice, bob, direct, notified):
    notification = notified(bob, direct, alice)
    client = browser_of(bob)
    for path in ("read-all", f"{notification.pk}/read", f"{notification.pk}/delete"):
        assert client.get(f"/notifications/{path}").status_code == 405
    assert list(Notification.objects.unread()) == [notification]


def test_a_form_without_its_token_is_refused(alice, bob, direct, notified):
    notification = notified(bob, direct, alice)
    client = Client(enforce_csrf_checks=True)
    client.force_login(bob)
    assert client.post(f"/notifications/{notification.pk}/delete").status_code == 403


def test_a_wrong_cursor_is_not_found(browser_of, bob):
    assert browser_of(bob).get("/notifications?cursor=abc").status_code == 404


def test_whoever_is_not_browser_of_is_asked_to(client, db):
    answer = client.get("/notifications")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in")


@pytest.mark.parametrize("amount", [2, 20])
def test_queries_do_not_grow_with_the_page(
    amount, browser_of, alice, bob, direct, say, django_assert_max_num_queries
):
    message = say(direct, alice, "Hi")
    Notification.objects.bulk_create(
        Notification(
            user=bob,
            kind=Notification.Kind.MESSAGE,
            conversation=direct,
            message=message,
            created_at=message.created_at,
            updated_at=message.created_at,
            read_at=message.created_at,
        )
        for _ in range(amount)
    )
    client = browser_of(bob)
    client.get("/notifications")
    with django_assert_max_num_queries(4):
        client.get("/notifications")
