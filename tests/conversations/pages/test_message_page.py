"""One message by itself: what works with it where there is no script."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conversations.models import Message
from conversations.services.messages import delete_message
from conversations.services.receipts import mark_read
from tests.conversations.pages.markup import read


@pytest.fixture
def message(alice, direct, say):
    (sent,) = say(alice, direct, "Helo *Bob*")
    return sent


@pytest.fixture
def url(message) -> str:
    return f"/c/{message.conversation_id}/messages/{message.id}"


def there(message) -> str:
    return f"/c/{message.conversation_id}?around={message.seq}#message-{message.seq}"


def test_it_is_reached_from_the_message_and_tells_how_far_it_got(
    alice, bob, message, url, browser_of
):
    page = read(browser_of(alice).get(f"/c/{message.conversation_id}"))
    assert page.one(css_class="message").one(data_action="menu")["href"] == url
    mark_read(actor=bob, conversation_id=message.conversation_id)
    info = read(browser_of(alice).get(url)).one(css_class="message-info")
    assert "Bob" in info.text and "Read today at" in info.text and "Delivered today" in info.text


def test_an_own_message_is_changed(alice, message, url, browser_of):
    browser = browser_of(alice)
    field = read(browser.get(url)).one(tag="textarea", name="content")
    assert field.text == "Helo *Bob*"
    answer = browser.post(f"{url}/edit", {"content": "Hello *Bob*"})
    assert answer.url == there(message)
    shown = read(browser.get(answer.url)).one(css_class="message")
    assert "data-edited" in shown
    content = shown.one(data_field="content")
    assert (content.text, content["data-source"]) == ("Hello Bob", "Hello *Bob*")
    assert content.one(tag="strong").text == "Bob"


def test_what_cannot_be_changed_says_so(alice, message, url, browser_of):
    browser = browser_of(alice)
    assert browser.post(f"{url}/edit", {"content": " "}).status_code == 400
    Message.objects.update(created_at=timezone.now() - timedelta(hours=1))
    assert not read(browser.get(url)).all(tag="textarea", name="content")
    assert browser.post(f"{url}/edit", {"content": "Never said"}).status_code == 403
    assert Message.objects.get(pk=message.id).content == "Helo *Bob*"


def test_an_own_message_is_deleted(alice, message, url, browser_of):
    browser = browser_of(alice)
    assert browser.post(f"{url}/delete").url == there(message)
    shown = read(browser.get(there(message))).one(css_class="message")
    assert "data-deleted" in shown
    page = read(browser.get(url))
    assert not page.all(tag="textarea") and not page.all(css_class="message-info")


def test_of_others_messages_one_may_only_reply(alice, bob, message, url, browser_of):
    page = read(browser_of(bob).get(url))
    assert not page.all(css_class="message-info") and not page.all(tag="textarea")
    replies = [link["href"] for link in page.all(tag="a") if "reply_to=" in link["href"]]
    assert replies
    reply = read(browser_of(bob).get(replies[0].partition("#")[0]))
    assert reply.one(data_field="reply-content").text == "Helo *Bob*"
    assert browser_of(bob).post(f"{url}/edit", {"content": "Mine"}).status_code == 403
    assert browser_of(bob).post(f"{url}/delete").status_code == 403


def test_nobody_else_finds_it(alice, carol, mallory, message, url, browser_of):
    delete_message(actor=alice, conversation_id=message.conversation_id, message_id=message.id)
    for outsider in (carol, mallory):
        assert browser_of(outsider).get(url).status_code == 404
        assert browser_of(outsider).post(f"{url}/delete").status_code == 404
