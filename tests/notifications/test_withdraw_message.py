from django.utils import timezone

from notifications.models import Notification
from notifications.services import withdraw_message
from tests.notifications.steps import notify_new_message


def delete(message) -> None:
    message.content, message.deleted_at = "", timezone.now()
    message.save()
    withdraw_message(message=message)


def test_the_only_message_takes_its_notification_with_it(direct, alice, bob, say, published):
    message = say(direct, alice, "Oops")
    notify_new_message(message=message, recipient_ids=[bob.pk])
    notification_id = Notification.objects.get().pk
    published.forget()

    delete(message)
    assert not Notification.objects.exists()
    (event,) = published.to(bob)
    assert (event.name, event.ids, event.unread_count) == (
        "notificationsRead",
        [notification_id],
        0,
    )


def test_one_of_several_is_counted_back_and_its_text_is_gone(direct, alice, bob, say, published):
    notify_new_message(message=say(direct, alice, "Hello"), recipient_ids=[bob.pk])
    last = say(direct, alice, "the secret")
    notify_new_message(message=last, recipient_ids=[bob.pk])
    published.forget()

    delete(last)
    (event,) = published.to(bob)
    assert (event.name, event.count, event.body) == (
        "newNotification",
        1,
        "This message was deleted",
    )
    assert Notification.objects.get().count == 1


def test_messages_that_were_not_announced_change_nothing(direct, group, alice, bob, say, published):
    seen = say(direct, alice, "while online")
    notify_new_message(message=say(direct, alice, "while offline"), recipient_ids=[bob.pk])
    notify_new_message(message=say(group, alice, "elsewhere"), recipient_ids=[bob.pk])
    published.forget()

    delete(seen)
    assert published.all == []
    assert list(Notification.objects.values_list("count", flat=True)) == [1, 1]


def test_statements_do_not_grow_with_the_recipients(
    group, alice, bob, carol, say, django_assert_num_queries
):
    first, second = say(group, alice, "one"), say(group, alice, "two")
    notify_new_message(message=first, recipient_ids=[bob.pk, carol.pk])
    notify_new_message(message=second, recipient_ids=[carol.pk])
    with django_assert_num_queries(9):
        withdraw_message(message=first)
