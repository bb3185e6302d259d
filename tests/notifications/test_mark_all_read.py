from notifications.models import Notification

URL = "/api/notifications/read-all"


def test_all_of_mine_are_read_at_once(
    api, alice, bob, carol, direct, group, notified, published, django_assert_num_queries
):
    for conversation in (direct, group):
        notified(bob, conversation, alice)
    of_carol = notified(carol, group, alice)
    published.forget()

    assert api(bob).patch(URL).json() == {"unreadCount": 0}
    assert list(Notification.objects.unread()) == [of_carol]
    (event,) = published.to(bob)
    assert (event.name, event.ids, event.conversation_id, event.unread_count) == (
        "notificationsRead",
        [],
        None,
        0,
    )


def test_with_nothing_unread_nobody_is_told(api, bob, published):
    assert api(bob).patch(URL).json() == {"unreadCount": 0}
    assert published.all == []


def test_an_outsider_changes_nothing_of_mine(api, alice, bob, mallory, direct, notified, published):
    notification = notified(bob, direct, alice)
    published.forget()
    api(mallory).patch(URL)
    assert list(Notification.objects.unread()) == [notification]
    assert published.all == []
