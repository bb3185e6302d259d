import pytest
from django.utils import timezone

from notifications.models import Notification

URL = "/api/notifications"


def test_the_list_is_newest_first_and_says_who_wrote_what(api, alice, bob, direct, group, notified):
    notified(bob, direct, alice, "Good morning")
    latest = notified(bob, group, alice, "Rope?")

    page = api(bob).get(URL).json()
    assert [(each["title"], each["body"]) for each in page["notifications"]] == [
        ("Climbing", "Alice: Rope?"),
        ("Alice", "Good morning"),
    ]
    assert page["unreadCount"] == 2
    assert page["nextCursor"] is None
    assert page["notifications"][0] == {
        "id": latest.pk,
        "kind": "message",
        "conversationId": group.pk,
        "messageId": latest.message_id,
        "title": "Climbing",
        "body": "Alice: Rope?",
        "count": 1,
        "createdAt": page["notifications"][0]["createdAt"],
        "updatedAt": page["notifications"][0]["createdAt"],
        "isRead": False,
        "readAt": None,
    }


def test_an_edited_message_is_shown_as_it_is_now_and_a_deleted_one_not_at_all(
    api, alice, bob, direct, notified
):
    message = notified(bob, direct, alice, "the first wording").message
    message.content = "the second wording"
    message.save()
    assert body(api(bob)) == "the second wording"

    message.content, message.deleted_at = "", timezone.now()
    message.save()
    assert body(api(bob)) == "This message was deleted"


def test_news_of_a_group_says_who_added_me(api, alice, bob, group, system_line):
    line = system_line(group, alice, event="memberAdded", userIds=[bob.pk])
    Notification.objects.create(
        user=bob,
        kind=Notification.Kind.ADDED_TO_GROUP,
        conversation=group,
        message=line,
        created_at=line.created_at,
        updated_at=line.created_at,
    )
    (notification,) = api(bob).get(URL).json()["notifications"]
    assert (notification["title"], notification["body"]) == ("Climbing", "Alice added you")


def test_news_without_a_message_carries_its_own_text(api, bob):
    now = timezone.now()
    Notification.objects.create(
        user=bob,
        kind=Notification.Kind.SECURITY,
        text="A new device signed in",
        created_at=now,
        updated_at=now,
    )
    (notification,) = api(bob).get(URL).json()["notifications"]
    assert (notification["title"], notification["body"]) == ("Security", "A new device signed in")


def test_pages_follow_one_another_without_a_gap_or_a_double(api, bob):
    ids = [each.pk for each in many(bob, 7)]
    client, seen, cursor = api(bob), [], ""
    for expected in (3, 3, 1):
        page = client.get(URL, {"limit": 3, **({"cursor": cursor} if cursor else {})}).json()
        assert len(page["notifications"]) == expected
        seen += [each["id"] for each in page["notifications"]]
        cursor = page["nextCursor"]
    assert cursor is None
    # All at the same moment: the id decides.
    assert seen == sorted(ids, reverse=True)


@pytest.mark.parametrize("amount", [5, 50])
def test_queries_do_not_grow_with_the_page(
    amount, api, alice, bob, direct, say, django_assert_num_queries
):
    now = timezone.now()
    Notification.objects.bulk_create(
        Notification(
            user=bob,
            kind=Notification.Kind.MESSAGE,
            conversation=direct,
            message=say(direct, alice, "Hi"),
            created_at=now,
            updated_at=now,
            read_at=now,
        )
        for _ in range(amount)
    )
    client = api(bob)
    with django_assert_num_queries(3):  # the device, the page, the unread ones
        assert len(client.get(URL).json()["notifications"]) == amount


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "1e3"},
        {"limit": "\x00"},
        {"cursor": "abc"},
        {"cursor": "\x00"},
        {"cursor": "é"},
        {"cursor": "MjAyNi0wMS0wMVQwMDowMDowMCAx"},  # without a time zone
        {"cursor": "x" * 300},
    ],
)
def test_a_wrong_query_is_refused(query, api, bob):
    answer = api(bob).get(URL, query)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] in query


def test_nobody_sees_those_of_others(api, alice, bob, mallory, direct, notified):
    notified(bob, direct, alice)
    assert Notification.objects.exists(), "there must be something to hide"
    for outsider in (alice, mallory):
        page = api(outsider).get(URL).json()
        assert page == {"notifications": [], "unreadCount": 0, "nextCursor": None}


def test_whoever_is_not_signed_in_is_refused(client, db):
    assert client.get(URL).status_code == 401


def body(client) -> str:
    return client.get(URL).json()["notifications"][0]["body"]


def many(user, amount: int) -> list[Notification]:
    now = timezone.now()
    return Notification.objects.bulk_create(
        Notification(user=user, kind=Notification.Kind.SYSTEM, created_at=now, updated_at=now)
        for _ in range(amount)
    )
