"""What somebody missed, by e-mail: off unless the organization wants it, told once, ended by a link."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts import presence
from accounts.models import AuditEntry
from notifications.digest import enqueue_digests, mail_digest
from notifications.models import Notification, NotificationPreferences
from notifications.organization import change_digest, digest_after_hours

LATER = timedelta(hours=9)


@pytest.fixture
def mailed():
    """`mailed(now)`: the mails of all digests that are due then."""

    def send(now=None):
        enqueue_digests(now=now or timezone.now() + LATER)
        for task in DBTaskResult.objects.filter(status="READY"):
            mail_digest.func(*task.args_kwargs["args"])
            task.delete()
        return mail.outbox

    return send


@pytest.fixture
def switched_on(alice):
    change_digest(actor=alice, hours=8)


def test_nothing_is_mailed_unless_the_organization_wants_it(alice, bob, direct, notified, mailed):
    notified(bob, direct, alice)
    assert mailed() == []


def test_whoever_was_away_long_is_mailed_what_they_missed_but_no_words(
    switched_on, alice, bob, carol, direct, group, notified, mailed
):
    notified(bob, direct, alice, "the secret words")
    notified(bob, group, alice)
    notified(bob, group, carol)
    assert mailed(timezone.now() + timedelta(hours=7)) == []
    (message,) = mailed()
    assert message.to == [bob.email]
    assert message.subject == "You missed 3 things"
    assert "- Climbing (2)" in message.body and "- Alice" in message.body
    assert "secret words" not in message.body + str(message.alternatives[0][0])


def test_nothing_is_told_twice_and_what_is_new_later(
    switched_on, alice, bob, direct, notified, mailed
):
    now = timezone.now()
    notified(bob, direct, alice)
    assert len(mailed(now + LATER)) == 1
    assert len(mailed(now + 2 * LATER)) == 1
    Notification.objects.update(updated_at=now + 2 * LATER, count=2)
    assert len(mailed(now + 4 * LATER)) == 2


@pytest.mark.parametrize("how", ["reads", "is online", "was here", "wants none"])
def test_who_needs_no_mail_gets_none(
    how, switched_on, alice, bob, direct, notified, mailed, request
):
    notification = notified(bob, direct, alice)
    now = timezone.now() + LATER
    match how:
        case "reads":
            Notification.objects.filter(pk=notification.pk).update(read_at=now)
        case "is online":
            presence.connect(user_id=bob.pk, connection_id="of-the-test")
            request.addfinalizer(lambda: presence.disconnect(connection_id="of-the-test"))
        case "was here":
            bob.last_seen_at = now - timedelta(hours=1)
            bob.save()
        case "wants none":
            NotificationPreferences.objects.create(user=bob, email_message=False)
    assert mailed(now) == []


def test_the_link_ends_it_by_hand_and_by_the_mail_program(
    switched_on, alice, bob, direct, notified, mailed
):
    notified(bob, direct, alice)
    (message,) = mailed()
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = re.fullmatch(r"<http://localhost:8000(.+)>", message.extra_headers["List-Unsubscribe"])
    assert found
    path = found[1]
    assert path in message.body
    client = Client(enforce_csrf_checks=True)
    page = client.get(path)
    assert page.status_code == 200
    assert NotificationPreferences.objects.get(user=bob).email_message, "looking changes nothing"
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    chosen = NotificationPreferences.objects.get(user=bob)
    assert not (chosen.email_message or chosen.email_mention or chosen.email_system)
    assert client.post(path[:-2]).status_code == 404


def test_administrators_switch_it_and_nobody_else(browser_of, alice, bob, mallory):
    url = "/settings/notifications/digest"
    assert browser_of(bob).post(url, {"hours": "8"}).status_code == 403
    assert digest_after_hours(bob) is None
    assert browser_of(alice).post(url, {"hours": "24"}).status_code == 302
    assert digest_after_hours(bob) == 24
    assert AuditEntry.objects.latest("pk").action == "organization.digest_changed"
    assert browser_of(mallory).post(url, {"hours": ""}).status_code == 302
    assert digest_after_hours(bob) == 24
