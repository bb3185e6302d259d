"""Somebody signs in on a device that was never seen, or a password changes: its owner hears of it."""

import pytest

from accounts.models import Session, User
from accounts.services.passwords import change_password
from accounts.services.sessions import start_session
from notifications.models import Notification
from tests.cast import PASSWORD


@pytest.fixture
def sign_in():
    def signed_in(user: User, label: str, address: str) -> Session:
        return start_session(user=user, kind="browser", label=label, ip_address=address)

    return signed_in


def told(user: User) -> list[str]:
    rows = Notification.objects.filter(user=user, kind="security").order_by("pk")
    return list(rows.values_list("text", flat=True))


def test_a_device_that_was_never_seen_is_told_of(sign_in, bob, published):
    sign_in(bob, "Firefox on Linux", "192.0.2.1")
    sign_in(bob, "Firefox on Linux", "192.0.2.2")
    sign_in(bob, "Chrome on Android", "192.0.2.1")
    assert told(bob) == []
    sign_in(bob, "Safari on macOS", "198.51.100.7")
    assert told(bob) == ["A new device signed in: Safari on macOS, from 198.51.100.7."]
    (event,) = published.to(bob)
    assert (event.kind, event.title) == ("security", "Security")


def test_a_new_password_is_told_of(sign_in, alice, bob, published):
    device = sign_in(bob, "Firefox", "192.0.2.1")
    change_password(
        actor=bob, current_password=PASSWORD, new_password="staple correct battery", keep=device
    )
    (text,) = told(bob)
    assert "Your password was changed" in text
    assert published.to(alice) == []


def test_devices_are_told_even_of_somebody_who_is_there_and_in_quiet_hours(
    sign_in, bob, browser_with_push, push_round
):
    from_before = browser_with_push(bob)
    sign_in(bob, "Safari on macOS", "198.51.100.7")
    push_round()
    (shown,) = from_before.shown
    assert (shown["kind"], shown["title"]) == ("security", "Security")
    assert "198.51.100.7" in shown["body"]
