"""News of an administrator for everybody."""

from accounts.models import AuditEntry
from notifications.models import Notification

URL = "/settings/notifications/tell"


def test_everybody_finds_it_and_devices_are_told(
    browser_of, alice, bob, carol, mallory, browser_with_push, push_round, published
):
    browser = browser_with_push(bob)
    assert browser_of(alice).post(URL, {"text": "The office is  closed"}).status_code == 302
    told = Notification.objects.filter(kind="system").values_list("user__display_name", "text")
    assert sorted(told) == [(name, "The office is closed") for name in ("Alice", "Bob", "Carol")]
    assert {event.body for event in published.to(carol)} == {"The office is closed"}
    assert published.to(mallory) == []
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.data["text"]) == ("organization.told", "The office is closed")
    push_round()
    (shown,) = browser.shown
    assert (shown["kind"], shown["body"]) == ("system", "The office is closed")
    assert shown["url"] == "/notifications"


def test_members_tell_nobody_anything(browser_of, bob, published):
    assert browser_of(bob).post(URL, {"text": "Hi"}).status_code == 403
    assert not Notification.objects.exists()
    assert published.all == []


def test_it_needs_words(browser_of, alice):
    assert browser_of(alice).post(URL, {"text": " "}).status_code == 200
    assert browser_of(alice).post(URL, {"text": "x" * 301}).status_code == 200
    assert not Notification.objects.exists()
