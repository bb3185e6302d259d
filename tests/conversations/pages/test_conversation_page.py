import pytest

from conversations.services.members import leave
from conversations.services.messages import delete_message, edit_message
from conversations.services.receipts import mark_delivered, mark_read
from tests.conversations.pages.markup import Element, read


def open_page(client, place, query: str = "") -> Element:
    response = client.get(f"/c/{place.conversation_id}{query}")
    assert response.status_code == 200
    return read(response)


def messages(page: Element) -> list[Element]:
    return page.all(css_class="message")


def contents(page: Element) -> list[str]:
    return [message.one(data_field="content").text for message in messages(page)]


def test_it_shows_the_messages_in_their_order(alice, bob, direct, browser_of, say):
    say(alice, direct, "Hello Bob")
    say(bob, direct, "Hello Alice")
    page = open_page(browser_of(alice), direct)
    assert contents(page) == ["Hello Bob", "Hello Alice"]
    mine, theirs = messages(page)
    assert "data-own" in mine and "data-own" not in theirs
    assert (mine["data-seq"], theirs["data-seq"]) == ("1", "2")
    assert page.one(tag="title").text == "Bob · Parley"
    assert page.one(css_class="conversation-link")["aria-current"] == "page"


def test_the_log_is_named_and_separated_by_days(alice, bob, direct, browser_of, say):
    say(bob, direct, "Hello")
    page = open_page(browser_of(alice), direct)
    assert page.one(css_class="message-scroller")["aria-label"] == "Messages with Bob"
    assert page.one(role="log").text == ""
    assert page.one(css_class="day-label").text == "Today"


def test_ticks_say_how_far_an_own_message_got(alice, bob, direct, browser_of, say):
    say(alice, direct, "one", "two", "three")
    conversation_id = direct.conversation_id
    mark_delivered(actor=bob, conversation_id=conversation_id, up_to_seq=2)
    mark_read(actor=bob, conversation_id=conversation_id, up_to_seq=1)
    page = open_page(browser_of(alice), direct)
    assert [one["data-status"] for one in messages(page)] == ["read", "delivered", "sent"]
    assert [one["data-status"] for one in messages(open_page(browser_of(bob), direct))] == [""] * 3


def test_the_divider_stands_once_before_the_first_unread(alice, bob, direct, browser_of, say):
    say(bob, direct, "old")
    mark_read(actor=alice, conversation_id=direct.conversation_id)
    say(bob, direct, "new", "newer")
    browser = browser_of(alice)
    divider = open_page(browser, direct).one(css_class="unread-divider")
    assert divider.text == "2 unread messages"
    assert divider.parent is not None
    neighbours = [child for child in divider.parent.children if isinstance(child, Element)]
    assert neighbours[neighbours.index(divider) + 1]["data-seq"] == "2"
    # Looking at a page is not reading: a link may be fetched ahead.
    assert open_page(browser, direct).all(css_class="unread-divider")


def test_the_button_marks_as_read(alice, bob, direct, browser_of, say):
    say(bob, direct, "new")
    browser = browser_of(alice)
    answer = browser.post(f"/c/{direct.conversation_id}/read")
    assert answer.url == f"/c/{direct.conversation_id}"
    page = open_page(browser, direct)
    assert not page.all(css_class="unread-divider")
    assert "hidden" in page.one(css_class="conversation-row").one(data_field="unread")


def test_edited_deleted_and_quoted_messages_are_marked(alice, bob, direct, browser_of, say):
    edited, deleted = say(alice, direct, "Helo", "a secret")
    browser_of(bob).post(
        f"/c/{direct.conversation_id}",
        {
            "content": "Hm?",
            "client_id": "6f9619ff-8b86-4011-b42d-00cf4fc964ff",
            "reply_to_id": deleted.id,
        },
    )
    ids = {"actor": alice, "conversation_id": direct.conversation_id}
    edit_message(**ids, message_id=edited.id, content="Hello")
    delete_message(**ids, message_id=deleted.id)
    response = browser_of(bob).get(f"/c/{direct.conversation_id}")
    first, second, third = messages(read(response))
    assert "data-edited" in first
    assert "data-deleted" in second
    quote = third.one(data_field="quote")
    assert quote.one(data_field="quote-sender").text == "Alice"
    assert quote.one(data_field="quote-content").text == "This message was deleted"
    assert b"a secret" not in response.content


def test_messages_of_one_sender_stand_together(alice, bob, direct, browser_of, say):
    say(alice, direct, "one", "two")
    say(bob, direct, "three")
    starts = ["data-starts-group" in one for one in messages(open_page(browser_of(alice), direct))]
    assert starts == [True, False, True]


def test_older_messages_come_by_link(alice, bob, direct, browser_of, say):
    say(bob, direct, *(f"message {number}" for number in range(1, 61)))
    mark_read(actor=alice, conversation_id=direct.conversation_id)
    browser = browser_of(alice)
    latest = open_page(browser, direct)
    assert contents(latest)[0] == "message 11"
    older_link = latest.one(data_field="older")
    assert "hidden" not in older_link
    older = open_page(browser, direct, older_link["href"])
    assert contents(older) == [f"message {number}" for number in range(1, 11)]
    assert "hidden" in older.one(data_field="older")
    assert "hidden" not in older.one(data_field="beginning")
    assert open_page(browser, direct, older.one(data_field="newer")["href"])


def test_many_unread_messages_open_where_they_begin(alice, bob, direct, browser_of, say):
    say(bob, direct, *(f"message {number}" for number in range(1, 121)))
    page = open_page(browser_of(alice), direct)
    assert contents(page)[0] == "message 1"
    assert page.one(css_class="unread-divider").text == "120 unread messages"
    assert "hidden" not in page.one(data_field="newer")


def test_what_people_write_is_text_and_nothing_else(alice, bob, direct, browser_of, say):
    attack = '<script>alert(1)</script> {{ 7|add:7 }} "><img src=x onerror=alert(1)>'
    say(bob, direct, attack)
    response = browser_of(alice).get(f"/c/{direct.conversation_id}")
    assert contents(read(response)) == [attack]
    assert b"<script>alert" not in response.content
    assert b"<img src=x" not in response.content


def test_whoever_left_reads_on_but_writes_no_more(alice, bob, group, browser_of, say):
    say(alice, group, "before")
    leave(actor=bob, conversation_id=group.conversation_id)
    say(alice, group, "after")
    page = open_page(browser_of(bob), group)
    assert contents(page) == ["before"]
    assert page.one(css_class="system-line", data_seq="3").text == "You left"
    assert "hidden" in page.one(data_field="form")
    assert page.one(data_field="closed").text == "You are no longer a member of this group."


def test_the_scripts_get_the_pane_alone(alice, bob, direct, browser_of, say):
    say(bob, direct, "Hello")
    response = browser_of(alice).get(f"/c/{direct.conversation_id}", headers={"X-Pane": "1"})
    page = read(response)
    assert contents(page) == ["Hello"]
    assert page.one(tag="title").text == "Bob · Parley"
    assert not page.all(tag="conversation-list") and not page.all(tag="html")
    assert "X-Pane" in response["Vary"]


@pytest.mark.parametrize("query", ["?before=abc", "?before=-1", "?before=2&after=1", "?after=1e3"])
def test_a_place_that_cannot_be_is_not_found(query, alice, direct, browser_of):
    assert browser_of(alice).get(f"/c/{direct.conversation_id}{query}").status_code == 404


@pytest.mark.parametrize("query", ["?reply_to=abc", "?reply_to=999999", "?reply_to=" + "9" * 40])
def test_a_reply_to_nothing_is_no_reply(query, alice, direct, browser_of):
    page = open_page(browser_of(alice), direct, query)
    assert "hidden" in page.one(data_field="reply-bar")


def test_outsiders_and_colleagues_find_nothing(alice, bob, carol, mallory, direct, browser_of, say):
    say(alice, direct, "a secret")
    for outsider in (carol, mallory):
        browser = browser_of(outsider)
        for method, path in (("get", ""), ("get", "?before=5"), ("post", "/read")):
            response = getattr(browser, method)(f"/c/{direct.conversation_id}{path}")
            assert response.status_code == 404
            assert b"a secret" not in response.content


def test_a_number_that_no_conversation_can_have_is_not_found(alice, browser_of):
    assert browser_of(alice).get(f"/c/{'9' * 30}").status_code == 404


def test_the_number_of_queries_does_not_grow(
    alice, bob, carol, group, browser_of, say, django_assert_max_num_queries
):
    browser = browser_of(alice)
    say(bob, group, "one")
    open_page(browser, group)
    with django_assert_max_num_queries(100) as few:
        open_page(browser, group)
    for _ in range(15):
        say(bob, group, "Hello")
        say(carol, group, "Hello")
    with django_assert_max_num_queries(len(few)):
        assert len(messages(open_page(browser, group))) == 31
