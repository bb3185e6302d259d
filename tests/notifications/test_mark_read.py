import pytest

from notifications.models import Notification


def url(notification: Notification) -> str:
    return f"/api/notifications/{notification.pk}/read"


def test_a_read_notification_stays_in_the_list_and_my_devices_hear_of_it(
    api, alice, bob, direct, group, notified, published
):
    notification = notified(bob, direct, alice)
    notified(bob, group, alice)
    published.forget()

    answer = api(bob).patch(url(notification))
    assert answer.status_code == 200
    assert answer.json()["isRead"]
    assert answer.json()["readAt"]
    (event,) = published.to(bob)
    assert (event.name, event.ids, event.conversation_id, event.unread_count) == (
        "notificationsRead",
        [notification.pk],
        None,
        1,
    )
    assert published.to(alice) == []


def test_reading_twice_keeps_the_first_time_and_tells_nobody_again(
    api, alice, bob, direct, notified, published
):
    notification, client = notified(bob, direct, alice), api(bob)
    first = client.patch(url(notification)).json()
    published.forget()
    assert client.patch(url(notification)).json() == first
    assert published.all == []


def test_those_of_others_are_not_found(api, alice, bob, mallory, direct, notified, published):
    notification = notified(bob, direct, alice)
    published.forget()
    for outsider in (alice, mallory):
        assert api(outsider).patch(url(notification)).status_code == 404
    notification.refresh_from_db()
    assert notification.read_at is None
    assert published.all == []


@pytest.mark.parametrize("pk", ["0", "999999999999999999", "9" * 30, "-1", "1.0", "abc"])
def test_an_id_that_does_not_exist_is_not_found(pk, api, bob):
    assert api(bob).patch(f"/api/notifications/{pk}/read").status_code == 404
