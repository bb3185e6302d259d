"""What tells of one conversation: listed, marked as read, and deleted together."""

import pytest

from notifications.models import Notification

LIST = "/api/notifications"


def url(conversation) -> str:
    return f"{LIST}/conversations/{conversation.pk}"


def test_the_list_of_one_conversation(api, alice, bob, direct, group, notified):
    of_direct, _other = notified(bob, direct, alice), notified(bob, group, alice)
    page = api(bob).get(LIST, {"conversationId": direct.pk}).json()
    assert [each["id"] for each in page["notifications"]] == [of_direct.pk]
    assert page["unreadCount"] == 2, "of all, as the bell says"
    assert api(bob).get(LIST, {"conversationId": "x"}).status_code == 400


def test_of_a_foreign_conversation_the_list_is_empty(
    api, alice, bob, carol, mallory, direct, notified
):
    notified(bob, direct, alice)
    for outsider in (carol, mallory):
        found = api(outsider).get(LIST, {"conversationId": direct.pk}).json()
        assert found == {"notifications": [], "unreadCount": 0, "nextCursor": None}


def test_all_of_one_are_deleted_at_once_read_or_not(
    api, alice, bob, carol, group, direct, notified, published
):
    read, others = notified(bob, group, alice), {notified(bob, direct, alice)}
    Notification.objects.filter(pk=read.pk).update(read_at=read.updated_at)
    unread = notified(bob, group, alice)
    others.add(notified(carol, group, alice))
    published.forget()
    client = api(bob)
    assert client.delete(url(group)).status_code == 204
    assert set(Notification.objects.all()) == others
    ((event, recipients),) = published.all
    assert (event.name, sorted(event.ids)) == ("notificationsRead", [read.pk, unread.pk])
    assert (recipients, event.conversation_id, event.unread_count) == ([bob.pk], group.pk, 1)
    assert client.delete(url(group)).status_code == 204
    assert len(published.all) == 1, "where there is nothing, nobody is told"
    assert bob.participations.with_unread_count().get(conversation=group).unread_count == 3


def test_an_outsider_deletes_nothing(api, alice, bob, carol, mallory, direct, notified, published):
    notification = notified(bob, direct, alice)
    published.forget()
    for outsider in (carol, mallory):
        assert api(outsider).delete(url(direct)).status_code == 404
    assert list(Notification.objects.all()) == [notification]
    assert published.all == []


def test_the_page_of_one_conversation(browser_of, alice, bob, direct, group, notified):
    notified(bob, direct, alice, "Only between us")
    notified(bob, group, alice, "To everybody")
    client = browser_of(bob)
    page = client.get("/notifications", {"conversationId": group.pk}).content.decode()
    assert "To everybody" in page and "Only between us" not in page
    assert client.post(f"/notifications/conversations/{direct.pk}/read").status_code == 302
    assert [each.conversation for each in Notification.objects.unread()] == [group]
    assert client.post(f"/notifications/conversations/{group.pk}/delete").status_code == 302
    assert [each.conversation for each in Notification.objects.all()] == [direct]
    empty = client.get("/notifications", {"conversationId": group.pk}).content.decode()
    assert "caught up" in empty


@pytest.mark.parametrize("wrong", ["x", "-1", "1.5", "9" * 30])
def test_a_page_of_nonsense_is_refused(wrong, browser_of, bob):
    assert browser_of(bob).get("/notifications", {"conversationId": wrong}).status_code in (
        400,
        404,
    )


def test_one_is_marked_as_read_without_going_there(browser_of, alice, bob, direct, notified):
    notification = notified(bob, direct, alice)
    answer = browser_of(bob).post(f"/notifications/{notification.pk}/read", {"stay": "1"})
    assert answer["Location"] == "/notifications"
    assert not Notification.objects.unread().exists()
