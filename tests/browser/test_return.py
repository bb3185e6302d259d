"""Whoever was away comes back to everything that was written meanwhile, once and in order."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.chat import (
    colour,
    expect_tick,
    message,
    open_chat_with,
    unread,
    without_reloading,
)
from tests.clients import Rest, Socket

pytestmark = pytest.mark.browser

# Read long ago, so that there is something to scroll up to.
KNOWN = [f"Long ago {number}" for number in range(1, 41)]
WRITTEN = [f"Message {number}" for number in range(1, 121)]


@dataclass
class Talk:
    """Alice watches her page while she writes from her phone to Bob, who is away."""

    page: Page
    alice: Rest
    bob: Rest
    conversation_id: int
    held: dict[int, int] = field(default_factory=dict)

    @property
    def last(self) -> Locator:
        return message(self.page, WRITTEN[-1])


@pytest.fixture
def talk(site, cast, page_for) -> Iterator[Talk]:
    with Rest(site.url, cast["alice"]) as alice, Rest(site.urls[-1], cast["bob"]) as bob:
        conversation_id = alice.direct_with(bob.id)
        for text in KNOWN:
            alice.send(conversation_id, text)
        bob.patch(f"chat/conversations/{conversation_id}/read")
        page = page_for(site, cast["alice"])
        open_chat_with(page, "Bob")
        talk = Talk(page, alice, bob, conversation_id)
        with Socket(bob.url, bob.token) as socket:
            socket.catch_up(talk.held)
        yield talk


def test_nothing_is_missing_by_socket_by_rest_and_by_page(talk, site, cast, page_for) -> None:
    with without_reloading(talk.page):
        for text in WRITTEN:
            talk.alice.send(talk.conversation_id, text)
        expect_tick(talk.last, "sent")
        return_by_socket(talk)
        return_by_rest(talk)
        return_by_page(talk, page_for(site, cast["bob"], server=-1, phone=True))
    assert talk.bob.conversation(talk.conversation_id)["unreadCount"] == 0


def return_by_socket(talk: Talk) -> None:
    with Socket(talk.bob.url, talk.bob.token) as socket:
        (changes,) = socket.catch_up(talk.held)
        assert changes["conversation"]["unreadCount"] == len(WRITTEN)
        assert contents_in_order(changes["messages"], after=len(KNOWN)) == WRITTEN
        socket.ask(
            "markMessagesAsDelivered",
            conversationId=talk.conversation_id,
            upToSeq=changes["messages"][-1]["seq"],
        )
        expect_tick(talk.last, "delivered")


def return_by_rest(talk: Talk) -> None:
    (listed,) = talk.bob.get("chat/conversations")["conversations"]
    assert listed["unreadCount"] == len(WRITTEN)
    found = talk.bob.history(talk.conversation_id)
    assert contents_in_order(found, after=0) == KNOWN + WRITTEN
    expect_tick(talk.last, "delivered")


def return_by_page(talk: Talk, page: Page) -> None:
    expect(unread(page, "Alice")).to_have_text("120")
    with without_reloading(page):
        open_chat_with(page, "Alice")
        divider = page.locator(".unread-divider")
        expect(divider).to_have_text("120 unread messages")
        expect(divider).to_be_in_viewport()
        scroll_until(page, KNOWN[0], upwards=True)
        expect(page.locator("[data-field=beginning]")).to_be_visible()
        expect_tick(talk.last, "delivered")
        before = colour(talk.last.locator("message-tick"))
        scroll_until(page, WRITTEN[-1], upwards=False)
        expect_tick(talk.last, "read")
        assert colour(talk.last.locator("message-tick")) != before
        shown = page.locator("conversation-view .message [data-field=content]")
        assert shown.all_inner_texts() == KNOWN + WRITTEN
        expect(unread(page, "Alice")).to_be_hidden()


def contents_in_order(messages: list[dict], *, after: int) -> list[str]:
    assert [one["seq"] for one in messages] == list(range(after + 1, after + len(messages) + 1))
    return [one["content"] for one in messages]


def scroll_until(page: Page, text: str, *, upwards: bool) -> None:
    """With the wheel, as far as it goes, again and again while more is loaded."""
    step = -5_000 if upwards else 5_000
    page.locator("message-list .message-scroller").hover()
    for _turn in range(100):
        page.mouse.wheel(0, step)
        if message(page, text).is_visible():
            break
        # The next frame; until then nothing has moved.
        page.evaluate("new Promise(requestAnimationFrame)")
    page.mouse.wheel(0, 4 * step)
    expect(message(page, text)).to_be_in_viewport()
