import pytest
from django.db import transaction

from notifications.models import Notification
from notifications.services import mark_read
from tests.cast import person
from tests.notifications.steps import notify_new_message


def test_a_message_to_somebody_offline_makes_one_notification(direct, alice, bob, say, published):
    message = say(direct, alice, "Are you\nthere?")
    notify_new_message(message=message, recipient_ids=[bob.pk])

    notification = Notification.objects.get()
    assert (notification.user, notification.message, notification.count) == (bob, message, 1)
    (event,) = published.to(bob)
    assert event.name == "newNotification"
    assert (event.id, event.title, event.body) == (notification.pk, "Alice", "Are you there?")
    assert (event.conversation_id, event.message_id, event.is_read) == (
        direct.pk,
        message.pk,
        False,
    )


def test_further_messages_of_the_conversation_count_on_the_same_one(
    direct, alice, bob, say, published
):
    for text in ("one", "two", "three"):
        notify_new_message(message=say(direct, alice, text), recipient_ids=[bob.pk])

    notification = Notification.objects.get()
    assert (notification.count, notification.message.content) == (3, "three")
    assert [(event.id, event.count, event.body) for event in published.to(bob)] == [
        (notification.pk, 1, "one"),
        (notification.pk, 2, "two"),
        (notification.pk, 3, "three"),
    ]


def test_those_who_have_one_count_and_the_others_get_one(group, alice, bob, carol, say, published):
    notify_new_message(message=say(group, alice, "first"), recipient_ids=[bob.pk])
    notify_new_message(message=say(group, alice, "second"), recipient_ids=[carol.pk, bob.pk])

    counts = dict(Notification.objects.values_list("user__display_name", "count"))
    assert counts == {"Bob": 2, "Carol": 1}
    (event,) = published.to(carol)
    assert (event.title, event.body) == ("Climbing", "Alice: second")


def test_after_it_was_read_the_next_message_makes_a_new_one(direct, alice, bob, say):
    notify_new_message(message=say(direct, alice, "one"), recipient_ids=[bob.pk])
    mark_read(actor=bob, notification_id=Notification.objects.get().pk)
    notify_new_message(message=say(direct, alice, "two"), recipient_ids=[bob.pk])

    assert list(Notification.objects.newest_first().values_list("count", flat=True)) == [1, 1]
    assert Notification.objects.unread().get().message.content == "two"


def test_conversations_are_counted_apart(direct, group, alice, bob, say):
    for conversation in (direct, group):
        notify_new_message(message=say(conversation, alice, "Hi"), recipient_ids=[bob.pk])
    assert Notification.objects.filter(user=bob, count=1).count() == 2


def test_nobody_offline_means_no_query(direct, alice, say, published, django_assert_num_queries):
    message = say(direct, alice, "Hi")
    with django_assert_num_queries(0):
        notify_new_message(message=message, recipient_ids=[])
    assert published.all == []


@pytest.mark.parametrize("recipients", [2, 40])
def test_statements_do_not_grow_with_the_recipients(
    recipients, group, acme, alice, say, django_assert_num_queries
):
    ids = [person(f"Person{number}", acme).pk for number in range(recipients)]
    first, second = say(group, alice, "one"), say(group, alice, "two")
    notify_new_message(message=first, recipient_ids=ids[: recipients // 2])
    with django_assert_num_queries(3):
        notify_new_message(message=second, recipient_ids=ids)
    assert Notification.objects.count() == recipients


def test_what_is_rolled_back_announces_nothing(direct, alice, bob, say, published):
    message = say(direct, alice, "Hi")
    with transaction.atomic():
        notify_new_message(message=message, recipient_ids=[bob.pk])
        transaction.set_rollback(True)
    assert not Notification.objects.exists()
    assert published.all == []


def test_a_long_message_is_shortened(direct, alice, bob, say, published):
    notify_new_message(message=say(direct, alice, "word " * 200), recipient_ids=[bob.pk])
    (event,) = published.to(bob)
    assert len(event.body) == 160
    assert event.body.endswith("…")
