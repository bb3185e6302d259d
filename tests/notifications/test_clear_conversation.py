"""Reading in a conversation clears what tells of it; so does saying so by REST."""

from conversations.services.conversations import create_group
from conversations.services.receipts import mark_read
from notifications.models import Notification
from notifications.services import clear_conversation


def url(conversation) -> str:
    return f"/api/notifications/conversations/{conversation.pk}/read"


def test_only_that_conversation_and_only_mine(
    alice, bob, carol, direct, group, notified, published
):
    of_group = notified(bob, group, alice)
    of_direct = notified(bob, direct, alice)
    of_carol = notified(carol, group, alice)
    published.forget()

    clear_conversation(user=bob, conversation_id=group.pk)
    assert set(Notification.objects.unread()) == {of_direct, of_carol}
    ((event, recipients),) = published.all
    assert recipients == [bob.pk]
    assert (event.name, event.ids, event.conversation_id, event.unread_count) == (
        "notificationsRead",
        [of_group.pk],
        group.pk,
        1,
    )


def test_where_nothing_is_unread_nobody_is_told(bob, direct, published, django_assert_num_queries):
    with django_assert_num_queries(3):  # savepoint, look, release
        clear_conversation(user=bob, conversation_id=direct.pk)
    assert published.all == []


def test_reading_the_messages_clears_the_notification(alice, bob, direct, notified, published):
    notification = notified(bob, direct, alice)
    mark_read(actor=bob, conversation_id=direct.pk)
    notification.refresh_from_db()
    assert notification.read_at is not None
    assert "notificationsRead" in [event.name for event in published.to(bob)]


def test_being_added_to_a_group_is_told_until_the_group_is_read(alice, bob, published):
    place = create_group(actor=alice, title="Chess", member_ids=[bob.pk])
    notification = Notification.objects.get()
    assert (notification.user, notification.kind) == (bob, Notification.Kind.ADDED_TO_GROUP)
    (event,) = published.named("newNotification")
    assert (event.title, event.body) == ("Chess", "Alice added you")

    mark_read(actor=bob, conversation_id=place.conversation_id)
    notification.refresh_from_db()
    assert notification.read_at is not None


def test_by_rest_the_messages_stay_unread(api, alice, bob, direct, notified):
    notified(bob, direct, alice)
    assert api(bob).patch(url(direct)).json() == {"unreadCount": 0}
    assert not Notification.objects.unread().exists()
    assert bob.participations.with_unread_count().get().unread_count == 1


def test_by_rest_a_foreign_conversation_is_not_found(
    api, alice, bob, carol, mallory, direct, notified, published
):
    notification = notified(bob, direct, alice)
    published.forget()
    for outsider in (carol, mallory):
        assert api(outsider).patch(url(direct)).status_code == 404
    assert list(Notification.objects.unread()) == [notification]
    assert published.all == []
