"""Scrolling through the past, and coming back from it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat import message, open_chat_with, send
from tests.clients import Rest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_older_messages_come_on_scrolling_up_and_the_place_stays(
    embedded_site, page_for, phone
) -> None:
    cast = embedded_site.cast()
    with (
        Rest(embedded_site.url, cast["alice"]) as alice,
        Rest(embedded_site.url, cast["bob"]) as bob,
    ):
        conversation_id = alice.direct_with(bob.id)
        for number in range(1, 131):
            alice.send(conversation_id, f"Message {number}" + number % 7 * "\nand more")
        bob.patch(f"chat/conversations/{conversation_id}/read")
        page = page_for(embedded_site, cast["bob"], phone=phone)
        open_chat_with(page, "Alice")
        expect(at(page, 130)).to_be_in_viewport()
        expect(at(page, 80)).to_be_hidden()

        scroll_to(page, 81)
        before = top_of(page, 81)
        expect(at(page, 31)).to_be_attached()
        assert abs(top_of(page, 81) - before) <= 2
        expect(at(page, 30)).to_be_hidden()

        alice.send(conversation_id, "News")
        jump = page.get_by_role("button", name="Jump to the latest message, 1 new")
        expect(jump).to_be_visible()
        assert abs(top_of(page, 81) - before) <= 2
        jump.click()
        expect(message(page, "News")).to_be_in_viewport()
        expect(jump).to_be_hidden()
        expect(send(page, "Seen it")).to_be_in_viewport()


def at(page: Page, seq: int):
    return page.locator(f"#message-{seq}")


def scroll_to(page: Page, seq: int) -> None:
    at(page, seq).evaluate("message => message.scrollIntoView({ block: 'start' })")


def top_of(page: Page, seq: int) -> float:
    return at(page, seq).bounding_box()["y"]
