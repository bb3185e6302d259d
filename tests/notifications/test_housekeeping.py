"""What nobody needs to know any more is forgotten; what is still to be done is not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Session
from notifications.housekeeping import tidy
from notifications.models import OutboxEntry, PushDecision, PushDelivery, PushSubscription
from tests.notifications.push_service import Answer


@pytest.fixture
def told(alice, bob, direct, say, browser_with_push, push_round):
    def tell(*answers: Answer) -> None:
        browser_with_push(bob).answers(*answers)
        OutboxEntry.objects.create(message=say(direct, alice, "Hi"), due_at=timezone.now())
        push_round()

    return tell


def test_the_log_of_pushes_is_kept_for_its_days(told, settings):
    settings.PUSH_LOG_DAYS = 14
    told(Answer(201))
    tidy(now=timezone.now() + timedelta(days=13, hours=23))
    assert PushDelivery.objects.count() == PushDecision.objects.count() == 1
    tidy(now=timezone.now() + timedelta(days=14, seconds=1))
    assert not PushDelivery.objects.exists() and not PushDecision.objects.exists()
    assert PushSubscription.objects.exists()


def test_what_still_waits_is_never_forgotten(told):
    told(Answer(500))
    tidy(now=timezone.now() + timedelta(days=100))
    assert PushDelivery.objects.get().state == "waiting"


def test_a_device_that_was_signed_out_is_no_address_any_more(told, alice, browser_with_push):
    told(Answer(201))
    browser_with_push(alice)
    Session.objects.filter(user=alice).update(revoked_at=timezone.now())
    tidy(now=timezone.now())
    assert PushSubscription.objects.get().user.display_name == "Bob"
