"""Two people chat, each in their own browser; with several server processes, each on their own."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.chat import (
    colour,
    composer,
    expect_tick,
    message,
    open_chat_with,
    send,
    start_chat_with,
    status_line,
    unread,
    without_reloading,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def service_workers() -> str:
    return "allow"


def test_two_people_see_each_others_messages_typing_ticks_and_presence_live(
    site, cast, page_for
) -> None:
    alice = page_for(site, cast["alice"])
    start_chat_with(alice, "Bob")
    with without_reloading(alice):
        hello = send(alice, "Hello Bob")
        expect_tick(hello, "sent")
        sent_colour = colour(hello.locator("message-tick"))
        expect(status_line(alice)).not_to_have_text("online")

        bob = page_for(site, cast["bob"], server=-1, phone=True)
        expect(unread(bob, "Alice")).to_have_text("1")
        expect(status_line(alice)).to_have_text("online")
        expect_tick(hello, "delivered")
        assert colour(hello.locator("message-tick")) == sent_colour

        with without_reloading(bob):
            open_chat_with(bob, "Alice")
            expect(message(bob, "Hello Bob")).to_be_visible()
            expect(status_line(bob)).to_have_text("online")
            expect_tick(hello, "read")
            assert colour(hello.locator("message-tick")) != sent_colour

            composer(bob).press_sequentially("Hi", delay=20)
            expect(status_line(alice)).to_have_text("typing…")
            composer(bob).fill("")
            expect(status_line(alice)).to_have_text("online")

            expect_tick(send(bob, "Hello Alice"), "read")
            expect(message(alice, "Hello Alice")).to_be_visible()
            composer(alice).press_sequentially("So", delay=20)
            expect(status_line(bob)).to_have_text("typing…")
            expect_tick(send(alice, "Some news?"), "read")
            expect(message(bob, "Some news?")).to_be_visible()
            expect(status_line(bob)).to_have_text("online")

        # Nobody says goodbye for a browser that is gone; the typing ends all the same.
        composer(bob).press_sequentially("And", delay=20)
        expect(status_line(alice)).to_have_text("typing…")
        bob.context.close()
        expect(status_line(alice)).to_have_text(re.compile(r"^last seen today at \d\d:\d\d$"))
        expect_tick(send(alice, "Sleep well"), "sent")
