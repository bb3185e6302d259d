"""Several people in one conversation: who speaks, what changes, and who is no longer there."""

import pytest
from playwright.sync_api import expect

from tests.browser.chat import (
    composer,
    expect_chat_with,
    message,
    open_chat_with,
    row,
    send,
    without_reloading,
)
from tests.clients import Rest

pytestmark = pytest.mark.browser


def test_a_group_names_who_speaks(embedded_site, page_for) -> None:
    cast = embedded_site.cast()
    bob, carol = (page_for(embedded_site, cast[name], phone=True) for name in ("bob", "carol"))
    alice = page_for(embedded_site, cast["alice"])
    with without_reloading(bob, carol):
        alice.goto("/new/group")
        alice.get_by_role("textbox", name="Name of the group").fill("Lunch")
        for name in ("Bob", "Carol"):
            alice.get_by_role("checkbox", name=name).check()
        alice.get_by_role("button", name="Create").click()
        expect_chat_with(alice, "Lunch")
        for page in (bob, carol):
            open_chat_with(page, "Lunch")
            expect(page.locator(".system-line")).to_have_text("Alice created the group “Lunch”")
        send(bob, "At noon?")
        expect(message(carol, "At noon?")).to_contain_text("Bob")
        expect(row(alice, "Lunch")).to_contain_text("Bob: At noon?")


def test_who_is_mentioned_sees_it_in_the_list(embedded_site, page_for) -> None:
    cast = embedded_site.cast()
    with (
        Rest(embedded_site.url, cast["alice"]) as alice,
        Rest(embedded_site.url, cast["bob"]) as bob,
    ):
        group = alice.group_of("Lunch", bob.id, Rest(embedded_site.url, cast["carol"]).id)
        bobs, page = (page_for(embedded_site, cast[name]) for name in ("bob", "alice"))
        open_chat_with(page, "Lunch")
        text, options = composer(page), page.get_by_role("option").locator("[data-field=name]")
        text.press_sequentially("Well, @")
        expect(options).to_have_text(["Bob", "Carol"])
        text.press("Escape")
        expect(options).to_have_count(0)
        text.press_sequentially("c")
        expect(options).to_have_text(["Carol"])
        text.press("Backspace")
        text.press("ArrowDown")
        text.press("ArrowUp")
        text.press("Enter")
        expect(text).to_have_value("Well, @Bob ")
        text.press("Enter")
        mark = row(bobs, "Lunch").get_by_text("You are mentioned")
        expect(mark).to_be_attached()
        bobs.reload()
        expect(mark).to_be_attached()
        bob.patch(f"chat/conversations/{group}/read")
        expect(row(bobs, "Lunch").locator("[data-field=mention]")).to_be_hidden()


def test_edits_deletions_and_removals_show_live(embedded_site, page_for) -> None:
    cast = embedded_site.cast()
    with (
        Rest(embedded_site.url, cast["alice"]) as alice,
        Rest(embedded_site.url, cast["bob"]) as bob,
    ):
        group = alice.group_of("Lunch", bob.id)
        path = f"chat/conversations/{group}"
        text = f"{path}/messages/{alice.send(group, 'At noon?')['id']}"
        page = page_for(embedded_site, cast["bob"])
        open_chat_with(page, "Lunch")
        with without_reloading(page):
            alice.patch(text, {"content": "At one?"})
            expect(message(page, "At one?").get_by_text("Edited")).to_be_visible()
            expect(row(page, "Lunch")).to_contain_text("At one?")

            alice.delete(text)
            expect(page.get_by_text("At one?")).to_have_count(0)
            tombstone = page.locator(".message[data-deleted]")
            expect(tombstone.get_by_text("This message was deleted")).to_be_visible()
            expect(row(page, "Lunch")).to_contain_text("This message was deleted")

            alice.patch(path, {"title": "Supper"})
            expect_chat_with(page, "Supper")
            expect(page.locator(".system-line").last).to_have_text("Alice named the group “Supper”")

            alice.delete(f"{path}/members/{bob.id}")
            gone = page.get_by_text("You are no longer a member of this group.")
            expect(gone).to_be_visible()
            expect(page.locator("message-composer textarea")).to_be_hidden()
            expect(page.locator(".system-line").last).to_have_text("Alice removed you")
            alice.send(group, "Now we can talk")
            alice.send(alice.direct_with(bob.id), "Sorry")
            expect(row(page, "Alice")).to_contain_text("Sorry")
            expect(page.get_by_text("Now we can talk")).to_have_count(0)
