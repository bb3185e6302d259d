"""New conversations, and how they appear for those who did not start them."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.chat import (
    expect_chat_with,
    message,
    open_chat_with,
    row,
    send,
    unread,
    without_reloading,
)

pytestmark = pytest.mark.browser


def test_a_chat_from_the_contacts_appears_live_for_the_other(embedded_site, page_for) -> None:
    cast = embedded_site.cast()
    bob = page_for(embedded_site, cast["bob"], phone=True)
    expect(bob.get_by_role("heading", name="No conversations yet")).to_be_visible()
    alice = page_for(embedded_site, cast["alice"])
    with without_reloading(bob):
        alice.get_by_role("link", name="New chat").first.click()
        search = alice.get_by_role("searchbox", name="Search people")
        search.press_sequentially("bo", delay=20)
        people = alice.locator("#pane")
        expect(people.get_by_role("button", name="Carol")).to_be_hidden()
        search.fill("nobody at all")
        expect(people.get_by_text("Nobody found for “nobody at all”.")).to_be_visible()
        search.fill("BOB")
        people.get_by_role("button", name="Bob").click()
        expect_chat_with(alice, "Bob")
        send(alice, "Hello Bob")
        expect(unread(bob, "Alice")).to_have_text("1")
        expect(row(bob, "Alice")).to_contain_text("Hello Bob")
        expect(bob.get_by_role("heading", name="No conversations yet")).to_be_hidden()
        expect(bob).to_have_title(re.compile(r"^\(1\)"))
        open_chat_with(bob, "Alice")
        expect(message(bob, "Hello Bob")).to_be_visible()
        bob.get_by_role("link", name="Back to the chats").click()
        expect(row(bob, "Alice")).to_be_visible()
        expect(unread(bob, "Alice")).to_be_hidden()
