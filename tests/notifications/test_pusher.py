"""The worker itself, in a thread as in the embedded profile."""

import time
from collections.abc import Callable

import pytest
from django.utils import timezone

from chatproject.courier import CourierThread
from conversations.pusher import Pusher
from notifications.models import OutboxEntry, PushDelivery
from tests.notifications.push_service import Answer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def worker():
    thread = CourierThread(Pusher())
    yield thread
    thread.stop()


def test_what_is_on_its_way_when_it_stops_is_noted_and_not_sent_again(
    worker, alice, bob, carol, group, say, browser_with_push, push_round
):
    slow, quick = browser_with_push(bob), browser_with_push(carol)
    slow.answers(Answer(delay=0.5))
    OutboxEntry.objects.create(message=say(group, alice, "Hi"), due_at=timezone.now())
    worker.start()
    wait_until(lambda: len(slow.received) == len(quick.received) == 1)
    worker.stop()
    assert set(PushDelivery.objects.values_list("state", flat=True)) == {"sent"}
    push_round()
    assert len(slow.received) == len(quick.received) == 1


def test_who_is_told_next_does_not_wait_for_a_slow_service(
    worker, alice, bob, carol, direct, group, say, browser_with_push
):
    slow, quick = browser_with_push(bob), browser_with_push(carol)
    # Longer than anything here takes; nobody waits for its end.
    slow.answers(Answer(delay=12))
    OutboxEntry.objects.create(message=say(direct, alice, "Hi"), due_at=timezone.now())
    worker.start()
    wait_until(lambda: len(slow.received) == 1)
    OutboxEntry.objects.create(message=say(group, alice, "And you?"), due_at=timezone.now())
    wait_until(lambda: PushDelivery.objects.filter(user=carol, state="sent").exists())
    assert PushDelivery.objects.filter(user=bob, state="sending").exists()
    assert len(quick.received) == 1


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)
