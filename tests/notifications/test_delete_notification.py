from notifications.models import Notification


def url(notification: Notification) -> str:
    return f"/api/notifications/{notification.pk}"


def test_a_deleted_notification_is_gone_on_all_my_devices(
    api, alice, bob, direct, group, notified, published
):
    notification, other = notified(bob, direct, alice), notified(bob, group, alice)
    published.forget()

    assert api(bob).delete(url(notification)).status_code == 204
    assert list(Notification.objects.all()) == [other]
    (event,) = published.to(bob)
    assert (event.name, event.ids, event.unread_count) == (
        "notificationsRead",
        [notification.pk],
        1,
    )


def test_deleting_twice_is_not_found(api, alice, bob, direct, notified):
    notification, client = notified(bob, direct, alice), api(bob)
    client.delete(url(notification))
    assert client.delete(url(notification)).status_code == 404


def test_those_of_others_are_not_found(api, alice, bob, mallory, direct, notified, published):
    notification = notified(bob, direct, alice)
    published.forget()
    for outsider in (alice, mallory):
        assert api(outsider).delete(url(notification)).status_code == 404
    assert Notification.objects.filter(pk=notification.pk).exists()
    assert published.all == []
