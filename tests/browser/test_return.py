"""Whoever was away comes back to everything that was written meanwhile, once and in order."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat import (
    colour,
    expect_tick,
    message,
    open_chat_with,
    start_chat_with,
    unread,
    without_reloading,
)
from tests.clients import Rest, Socket

pytestmark = pytest.mark.browser

WRITTEN = [f"Message {number}" for number in range(1, 121)]


@dataclass
class Talk:
    """Alice watches her page while she writes from her phone to Bob, who is away."""

    page: Page
    alice: Rest
    bob: Rest
    conversation_id: int

    def write_all(self) -> None:
        for text in WRITTEN:
            self.alice.send(self.conversation_id, text)
        expect_tick(message(self.page, WRITTEN[-1]), "sent")


@pytest.fixture
def talk(site, cast, page_for) -> Iterator[Talk]:
    page = page_for(site, cast["alice"])
    with Rest(site.url, cast["alice"]) as alice, Rest(site.urls[-1], cast["bob"]) as bob:
        conversation_id = alice.direct_with(bob.id)
        start_chat_with(page, "Bob")
        yield Talk(page, alice, bob, conversation_id)


def test_by_socket_with_sync(talk) -> None:
    held: dict[int, int] = {}
    with Socket(talk.bob.url, talk.bob.token) as socket:
        socket.catch_up(held)
    with without_reloading(talk.page):
        talk.write_all()
        last = message(talk.page, WRITTEN[-1])
        with Socket(talk.bob.url, talk.bob.token) as socket:
            (changes,) = socket.catch_up(held)
            assert changes["conversation"]["unreadCount"] == len(WRITTEN)
            assert_complete(changes["messages"])
            whole = {"conversationId": talk.conversation_id, "upToSeq": len(WRITTEN)}
            socket.ask("markMessagesAsDelivered", **whole)
            expect_tick(last, "delivered")
            before = colour(last.locator("message-tick"))
            socket.ask("markMessagesAsRead", **whole)
            expect_tick(last, "read")
            assert colour(last.locator("message-tick")) != before
    assert talk.bob.conversation(talk.conversation_id)["unreadCount"] == 0


def test_by_rest(talk) -> None:
    with without_reloading(talk.page):
        talk.write_all()
        last = message(talk.page, WRITTEN[-1])
        (listed,) = talk.bob.get("chat/conversations")["conversations"]
        assert listed["unreadCount"] == len(WRITTEN)
        assert_complete(talk.bob.history(talk.conversation_id))
        talk.bob.patch(f"chat/conversations/{talk.conversation_id}/delivered")
        expect_tick(last, "delivered")
        talk.bob.patch(f"chat/conversations/{talk.conversation_id}/read")
        expect_tick(last, "read")
    assert talk.bob.conversation(talk.conversation_id)["unreadCount"] == 0


def test_by_page(talk, site, cast, page_for) -> None:
    for number in range(1, 61):
        talk.alice.send(talk.conversation_id, f"Long ago {number}")
    talk.bob.patch(f"chat/conversations/{talk.conversation_id}/read")
    with without_reloading(talk.page):
        talk.write_all()
        last = message(talk.page, WRITTEN[-1])
        page = page_for(site, cast["bob"], server=-1, phone=True)
        expect(unread(page, "Alice")).to_have_text("120")
        expect_tick(last, "delivered")
        with without_reloading(page):
            open_chat_with(page, "Alice")
            divider = page.locator(".unread-divider")
            expect(divider).to_have_text("120 unread messages")
            expect(divider).to_be_in_viewport()
            scroll_until(page, "Long ago 1", upwards=True)
            expect(page.locator("[data-field=beginning]")).to_be_visible()
            expect_tick(last, "delivered")
            scroll_until(page, WRITTEN[-1], upwards=False)
            expect_tick(last, "read")
            seqs = page.locator("conversation-view .message").evaluate_all(
                "messages => messages.map(message => Number(message.dataset.seq))"
            )
            assert seqs == list(range(1, 181))
            expect(unread(page, "Alice")).to_be_hidden()


def assert_complete(messages: list[dict]) -> None:
    assert [message["content"] for message in messages] == WRITTEN
    assert [message["seq"] for message in messages] == list(range(1, len(WRITTEN) + 1))


def scroll_until(page: Page, text: str, *, upwards: bool) -> None:
    """With the wheel, as far as it goes, again and again while more is loaded."""
    page.locator("message-list .message-scroller").hover()
    for _turn in range(100):
        page.mouse.wheel(0, -2_000 if upwards else 2_000)
        if message(page, text).is_visible():
            break
        # The next frame; until then nothing has moved.
        page.evaluate("new Promise(requestAnimationFrame)")
    page.mouse.wheel(0, -20_000 if upwards else 20_000)
    expect(message(page, text)).to_be_in_viewport()
