"""Scrolling through the past, and coming back from it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.chat import messages, open_chat_with, send
from tests.clients import Rest

pytestmark = pytest.mark.browser

PAGE = 50


@pytest.fixture(scope="module")
def cast(embedded_site) -> dict[str, str]:
    people: dict[str, str] = embedded_site.cast()
    return people


@pytest.fixture(scope="module")
def alice(embedded_site, cast) -> Iterator[Rest]:
    """She has written more to Bob than two pages hold, and he has read it."""
    with (
        Rest(embedded_site.url, cast["alice"]) as alice,
        Rest(embedded_site.url, cast["bob"]) as bob,
    ):
        conversation_id = alice.direct_with(bob.id)
        for number in range(1, 2 * PAGE + 11):
            alice.send(conversation_id, f"Message {number}" + number % 7 * "\nand more")
        bob.patch(f"chat/conversations/{conversation_id}/read")
        yield alice


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_older_messages_come_on_scrolling_up_and_the_place_stays(
    embedded_site, cast, alice, page_for, phone
) -> None:
    (conversation,) = alice.get("chat/conversations")["conversations"]
    latest = conversation["lastSeq"]
    first_of_page = latest - PAGE + 1
    page = page_for(embedded_site, cast["bob"], phone=phone)
    open_chat_with(page, "Alice")
    expect(at(page, latest)).to_be_in_viewport()
    expect(at(page, first_of_page)).to_be_attached()
    expect(at(page, first_of_page - 1)).not_to_be_attached()

    at(page, first_of_page).evaluate("message => message.scrollIntoView({ block: 'start' })")
    before = top_of(page, first_of_page)
    expect(at(page, first_of_page - PAGE)).to_be_attached()
    assert abs(top_of(page, first_of_page) - before) <= 2
    expect(at(page, first_of_page - PAGE - 1)).not_to_be_attached()

    alice.send(conversation["id"], "News")
    jump = page.get_by_role("button", name="Jump to the latest message, 1 new")
    expect(jump).to_be_visible()
    assert abs(top_of(page, first_of_page) - before) <= 2
    jump.click()
    expect(at(page, latest + 1)).to_be_in_viewport()
    expect(jump).to_be_hidden()
    send(page, f"Seen it on the {'phone' if phone else 'desktop'}")
    expect(messages(page).last).to_be_in_viewport()


def at(page: Page, seq: int) -> Locator:
    return page.locator(f"#message-{seq}")


def top_of(page: Page, seq: int) -> float:
    top: float = at(page, seq).evaluate("message => message.getBoundingClientRect().top")
    return top


LENGTH = 10_000
# The window, and what may come to it before the oldest go.
MOST_MESSAGES = 260

WRITE = """
import sys, django
django.setup()
from tests.history import write_history
write_history(int(sys.argv[1]), count=int(sys.argv[2]))
"""


def test_ten_thousand_messages_are_scrolled_to_the_top_and_weigh_no_more_than_two_hundred(
    embedded_site, page_for
) -> None:
    cast = embedded_site.cast()
    with (
        Rest(embedded_site.url, cast["alice"]) as alice,
        Rest(embedded_site.url, cast["bob"]) as bob,
    ):
        conversation_id = alice.direct_with(bob.id)
        embedded_site.run("-c", WRITE, str(conversation_id), str(LENGTH))
        # A phone has the least room to spare, and this machine has less to paint.
        page = page_for(embedded_site, cast["bob"], phone=True)
        open_chat_with(page, "Alice")
        expect(at(page, LENGTH)).to_be_in_viewport()

        seen = page.evaluate(SCROLL, {"towards": -1, "until": 1})
        expect(at(page, 1)).to_be_in_viewport()
        expect(page.locator("[data-field=beginning]")).to_be_in_viewport()
        assert seen["most"] <= MOST_MESSAGES
        print(f"{LENGTH} messages in {seen['seconds']} s, at most {seen['most']} on the page")

        # Somebody writes meanwhile; the way back leads through all that was let go.
        alice.send(conversation_id, "News")
        back = page.evaluate(SCROLL, {"towards": 1, "until": 500})
        assert back["most"] <= MOST_MESSAGES
        assert page.evaluate(GAPS) == []
        page.get_by_role("button", name="Jump to the latest message, 1 new").click()
        expect(at(page, LENGTH + 1)).to_be_in_viewport()
        assert page.evaluate(GAPS) == []


# As a hand on the wheel would, until the message stands on the page.
SCROLL = """async ({ towards, until }) => {
    const scroller = document.querySelector(".message-scroller");
    const began = performance.now();
    let most = 0;
    while (!document.getElementById(`message-${until}`)) {
        scroller.scrollTop += towards * 8_000;
        await new Promise((resolve) => requestAnimationFrame(resolve));
        most = Math.max(most, scroller.querySelectorAll(".message").length);
        if (performance.now() - began > 100_000) throw new Error("It does not get there.");
    }
    scroller.scrollTop += towards * 100_000;
    return { most, seconds: Math.round((performance.now() - began) / 100) / 10 };
}"""

# Between the messages on the page.
GAPS = """() => {
    const seqs = [...document.querySelectorAll(".message")].map((one) => Number(one.dataset.seq));
    return seqs.filter((seq, index) => index > 0 && seq !== seqs[index - 1] + 1);
}"""
