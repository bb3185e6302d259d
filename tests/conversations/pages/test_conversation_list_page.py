from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from conversations.models import Conversation, Message
from conversations.services.conversations import create_group, get_or_create_direct
from conversations.services.messages import delete_message
from conversations.services.receipts import mark_delivered, mark_read
from tests.cast import person
from tests.conversations.pages.markup import Element, read
from tests.conversations.steps import keep


def rows(client) -> list[Element]:
    response = client.get("/")
    assert response.status_code == 200
    return read(response).all(css_class="conversation-row")


def test_the_newest_conversation_stands_first(alice, bob, carol, browser_of, say):
    with_bob, _ = get_or_create_direct(actor=alice, target_user_id=bob.pk)
    with_carol, _ = get_or_create_direct(actor=alice, target_user_id=carol.pk)
    say(bob, with_bob, "Hello")
    say(carol, with_carol, "Good morning")
    names = [row.one(data_field="title").text for row in rows(browser_of(alice))]
    assert names == ["Carol", "Bob"]


def test_a_row_tells_preview_time_and_unread(alice, bob, direct, browser_of, say):
    say(bob, direct, "Hello", "Are you\nthere?")
    (row,) = rows(browser_of(alice))
    assert row.one(data_field="preview").text == "Are you there?"
    assert row.one(data_field="unread-count").text == "2"
    assert row.one(data_field="unread-label").text == "2 unread messages"
    assert row["data-status"] == ""


def test_an_own_last_message_shows_how_far_it_got(alice, bob, direct, browser_of, say):
    say(alice, direct, "Hello")
    page = browser_of(alice)

    def tick() -> tuple[str, str]:
        (row,) = rows(page)
        return row["data-status"], row.one(tag="message-tick")["aria-label"]

    assert tick() == ("sent", "Sent")
    mark_delivered(actor=bob, conversation_id=direct.conversation_id)
    assert tick() == ("delivered", "Delivered")
    mark_read(actor=bob, conversation_id=direct.conversation_id)
    assert tick() == ("read", "Read")


def test_in_a_group_the_preview_says_whose_words_they_are(alice, bob, group, browser_of, say):
    say(bob, group, "Pizza?")
    (row,) = rows(browser_of(alice))
    assert row.one(data_field="title").text == "Lunch"
    assert row.one(data_field="prefix").text == "Bob:"


def test_a_system_line_is_told_in_the_readers_words(alice, bob, group, browser_of):
    (own,) = rows(browser_of(alice))
    assert own.one(data_field="preview").text == "You created the group “Lunch”"
    (others,) = rows(browser_of(bob))
    assert others.one(data_field="preview").text == "Alice created the group “Lunch”"


def test_a_deleted_message_leaves_no_words(alice, bob, direct, browser_of, say):
    (message,) = say(alice, direct, "a secret")
    delete_message(actor=alice, conversation_id=direct.conversation_id, message_id=message.id)
    response = browser_of(bob).get("/")
    (row,) = read(response).all(css_class="conversation-row")
    assert row.one(data_field="preview").text == "This message was deleted"
    assert b"a secret" not in response.content


def test_times_are_those_of_the_reader(alice, bob, direct, browser_of, say):
    say(bob, direct, "Hello")
    yesterday = timezone.now() - timedelta(days=1)
    Conversation.objects.update(last_message_at=yesterday, last_activity_at=yesterday)
    Message.objects.update(created_at=yesterday)
    alice.time_zone = "Pacific/Kiritimati"
    alice.save()
    (row,) = rows(browser_of(alice))
    assert row.one(data_field="time").text == "Yesterday"
    page = browser_of(alice).get(f"/c/{direct.conversation_id}")
    bubble = read(page).one(css_class="bubble")
    there = yesterday.astimezone(ZoneInfo("Pacific/Kiritimati"))
    assert bubble.one(data_field="time").text == there.strftime("%H:%M")


def test_without_conversations_it_says_how_to_begin(alice, browser_of):
    page = read(browser_of(alice).get("/"))
    assert "hidden" not in page.one(data_field="empty")


def test_whoever_is_not_signed_in_is_asked_to(client, db):
    response = client.get("/")
    assert response.status_code == 302
    assert response.url == "/sign-in?next=/"


def test_another_organization_sees_nothing_of_it(alice, bob, direct, mallory, browser_of, say):
    say(alice, direct, "a secret")
    response = browser_of(mallory).get("/")
    assert not read(response).all(css_class="conversation-row")
    assert b"a secret" not in response.content


def test_the_page_after_comes_by_cursor(alice, acme, browser_of, monkeypatch):
    monkeypatch.setattr("conversations.pages.LIST_LENGTH", 2)
    for title in ("One", "Two", "Three"):
        create_group(actor=alice, title=title, member_ids=[])
    browser = browser_of(alice)
    first = read(browser.get("/"))
    assert [
        row.one(data_field="title").text for row in first.all(css_class="conversation-row")
    ] == [
        "Three",
        "Two",
    ]
    second = read(browser.get(first.one(data_field="more")["href"]))
    assert [
        row.one(data_field="title").text for row in second.all(css_class="conversation-row")
    ] == ["One"]
    assert "hidden" in second.one(data_field="more")


def test_filters_search_and_the_archive_work_without_script(alice, bob, direct, browser_of, say):
    lunch = create_group(actor=alice, title="Lunch", member_ids=[bob.pk])
    keep(alice, direct.conversation_id, archived=True)
    say(bob, direct, "Hello")
    browser = browser_of(alice)

    def listed(address: str) -> list[str]:
        page = read(browser.get(address))
        return [row.one(data_field="title").text for row in page.all(css_class="conversation-row")]

    page = read(browser.get("/"))
    assert listed("/") == listed("/?filter=groups") == listed("/?filter=none+of+ours") == ["Lunch"]
    assert listed(page.one(data_field="archive")["href"]) == listed("/?search=BO") == ["Bob"]
    assert listed("/?filter=unread") == []
    say(bob, lunch, "At noon?")
    assert listed("/?filter=unread") == ["Lunch"]
    nothing = read(browser.get("/?search=nobody"))
    assert "hidden" in nothing.one(data_field="empty")
    assert nothing.one(data_field="no-hits").all(href="/new")


def test_a_row_shows_how_it_is_kept(alice, direct, browser_of):
    keep(alice, direct.conversation_id, pinned=True, mute="always")
    (row,) = rows(browser_of(alice))
    assert "data-pinned" in row
    assert "data-muted" in row
    assert "hidden" not in row.one(data_field="muted")
    keep(alice, direct.conversation_id, pinned=False, mute="off")
    (row,) = rows(browser_of(alice))
    assert "hidden" in row.one(data_field="muted")
    assert "hidden" in row.one(data_field="pinned")


def test_a_cursor_that_is_not_ours_is_not_found(alice, browser_of):
    assert browser_of(alice).get("/?cursor=nonsense").status_code == 404


@pytest.mark.parametrize("kind", ["direct", "group"])
def test_the_number_of_queries_does_not_grow(
    kind, alice, acme, browser_of, say, django_assert_max_num_queries
):
    def add(number: int) -> None:
        other = person(f"Colleague{number}", acme)
        if kind == "direct":
            place, _ = get_or_create_direct(actor=alice, target_user_id=other.pk)
        else:
            place = create_group(actor=alice, title=f"Group {number}", member_ids=[other.pk])
        say(other, place, "Hello")

    browser = browser_of(alice)
    for number in range(5):
        add(number)
    browser.get("/")
    with django_assert_max_num_queries(100) as few:
        assert len(rows(browser)) == 5
    for number in range(5, 50):
        add(number)
    with django_assert_max_num_queries(len(few)):
        assert len(rows(browser)) == 50
