"""The list on the left."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat import (
    composer,
    expect_chat_with,
    open_chat_with,
    row,
    unread,
    without_reloading,
)
from tests.clients import Rest

pytestmark = pytest.mark.browser

PAGE = 50
# The icon of the tab, with a number drawn on it and without.
PICTURE, FILE = re.compile("^data:image/png"), re.compile("favicon")


def test_a_long_list_grows_on_scrolling_and_shows_news_from_its_depth(
    embedded_site, page_for
) -> None:
    cast = embedded_site.cast()
    with (
        Rest(embedded_site.url, cast["alice"]) as alice,
        Rest(embedded_site.url, cast["bob"]) as bob,
    ):
        groups = [alice.group_of(f"Group {number}", bob.id) for number in range(1, PAGE + 4)]
        page = page_for(embedded_site, cast["bob"])
        rows = page.locator(".conversation-row")
        expect(rows).to_have_count(PAGE)
        with without_reloading(page):
            alice.send(groups[0], "From the depth")
            expect(rows.first).to_contain_text("From the depth")
            expect(unread(page, "Group 1")).to_have_text("1")
            page.locator(".list-scroller").hover()
            page.mouse.wheel(0, 100_000)
            expect(rows).to_have_count(len(groups))
            expect(rows.last).to_contain_text("Group 2")
            ids = rows.evaluate_all("rows => rows.map((row) => Number(row.dataset.conversationId))")
            assert ids == [groups[0], *groups[:0:-1]]


def test_the_back_button_leads_through_what_was_opened(embedded_site, page_for) -> None:
    cast = embedded_site.cast()
    with (
        Rest(embedded_site.url, cast["alice"]) as alice,
        Rest(embedded_site.url, cast["bob"]) as bob,
    ):
        alice.send(alice.direct_with(bob.id), "Hello Bob")
        alice.send(alice.group_of("Lunch", bob.id), "Hello all")
        page = page_for(embedded_site, cast["bob"], phone=True)
        with without_reloading(page):
            for name in ("Alice", "Lunch"):
                row(page, name).get_by_role("link").click()
                expect_chat_with(page, name)
                expect(row(page, name)).to_be_hidden()
                page.go_back()
                expect(row(page, name)).to_be_visible()
                expect(page.locator("conversation-view")).to_have_count(0)
            page.go_forward()
            expect_chat_with(page, "Lunch")
            expect(page).to_have_title("Lunch · Parley")


def names(page: Page) -> list[str]:
    return page.locator(".conversation-row [data-field=title]").all_inner_texts()


def choose(page: Page, name: str, action: str) -> None:
    """From the menu of a row: by the mouse, or by a long press."""
    row(page, name).get_by_role("link").click(button="right")
    page.get_by_role("menuitem", name=action, exact=True).click()
    expect(page.get_by_role("menu", name="What to do with this conversation")).to_be_hidden()


def test_rows_are_kept_as_one_likes(embedded_site, page_for) -> None:
    cast = embedded_site.cast()
    with (
        Rest(embedded_site.url, cast["alice"]) as alice,
        Rest(embedded_site.url, cast["bob"]) as bob,
    ):
        direct = alice.direct_with(bob.id)
        lunch, supper = (alice.group_of(title, bob.id) for title in ("Lunch", "Supper"))
        alice.send(lunch, "At noon?")
        alice.send(direct, "Hello Bob")
        page = page_for(embedded_site, cast["bob"], phone=True)
        with without_reloading(page):
            expect(page).to_have_title("(2) Chats · Parley")
            assert names(page) == ["Alice", "Lunch", "Supper"]
            expect(page.locator("link[rel=icon]")).to_have_attribute("href", PICTURE)

            choose(page, "Supper", "Pin")
            expect(page.locator(".conversation-row").first).to_contain_text("Supper")
            expect(row(page, "Supper").get_by_text("Pinned")).to_be_attached()

            choose(page, "Lunch", "Mute for good")
            expect(row(page, "Lunch").get_by_text("Muted")).to_be_attached()
            expect(page).to_have_title("(1) Chats · Parley")

            choose(page, "Alice", "Mark as read")
            expect(unread(page, "Alice")).to_be_hidden()
            expect(page).to_have_title("Chats · Parley")
            expect(page.locator("link[rel=icon]")).to_have_attribute("href", FILE)

            # From another device, and what is put away stays there whatever is said.
            bob.patch(f"chat/conversations/{direct}/preferences", {"archived": True})
            expect(row(page, "Alice")).to_have_count(0)
            alice.send(direct, "Are you there?")
            page.get_by_role("link", name="Archived").click()
            expect(row(page, "Alice")).to_contain_text("Are you there?")
            choose(page, "Alice", "Take out of the archive")
            expect(row(page, "Alice")).to_have_count(0)
            page.get_by_role("link", name="Back to the chats").click()
            expect(row(page, "Alice")).to_be_visible()
            expect(page.get_by_role("link", name="Archived")).to_be_hidden()
            assert names(page) == ["Supper", "Alice", "Lunch"]

            choose(page, "Supper", "Unpin")
            alice.send(lunch, "Nobody?")
            page.mouse.move(0, 0)
            expect(page.locator(".conversation-row").first).to_contain_text("Nobody?")
            assert names(page) == ["Lunch", "Alice", "Supper"]


def test_filters_and_a_search_narrow_it(embedded_site, page_for) -> None:
    cast = embedded_site.cast()
    with (
        Rest(embedded_site.url, cast["alice"]) as alice,
        Rest(embedded_site.url, cast["bob"]) as bob,
    ):
        direct, lunch = alice.direct_with(bob.id), alice.group_of("Lunch", bob.id)
        groups = [alice.group_of(f"Group {number}", bob.id) for number in range(PAGE)]
        alice.send(groups[-1], "Hello")
        page = page_for(embedded_site, cast["bob"])
        rows = page.locator(".conversation-row")
        expect(rows).to_have_count(PAGE)
        search = page.get_by_role("searchbox", name="Search conversations")
        with without_reloading(page):
            page.get_by_role("link", name="Unread", exact=True).click()
            expect(rows).to_have_count(1)
            expect(page.get_by_role("link", name="Unread", exact=True)).to_have_attribute(
                "aria-current", "true"
            )
            bob.patch(f"chat/conversations/{groups[-1]}/read")
            expect(page.get_by_text("No conversation like this.")).to_be_visible()
            alice.send(lunch, "At noon?")
            expect(row(page, "Lunch")).to_be_visible()

            page.get_by_role("link", name="All", exact=True).click()
            # It lies deeper than what was loaded.
            search.fill("ALI")
            expect(rows).to_have_count(1)
            expect(row(page, "Alice")).to_be_visible()
            search.fill("nobody")
            expect(page.get_by_role("link", name="Look among all people")).to_be_visible()
            search.fill("")
            expect(rows).to_have_count(PAGE)
            alice.send(direct, "Hello Bob")
            expect(rows.first).to_contain_text("Hello Bob")

            page.get_by_role("link", name="Groups", exact=True).click()
            expect(row(page, "Alice")).to_have_count(0)
            expect(rows.first).to_contain_text("Lunch")


def test_the_menu_of_a_row_by_keyboard_and_the_draft_in_it(embedded_site, page_for) -> None:
    cast = embedded_site.cast()
    with (
        Rest(embedded_site.url, cast["alice"]) as alice,
        Rest(embedded_site.url, cast["bob"]) as bob,
    ):
        alice.send(alice.direct_with(bob.id), "Hello Bob")
        alice.group_of("Lunch", bob.id)
    page = page_for(embedded_site, cast["bob"])
    open_chat_with(page, "Alice")
    composer(page).fill("Dear Alice")
    open_chat_with(page, "Lunch")
    expect(row(page, "Alice")).to_contain_text("Draft: Dear Alice")

    row(page, "Alice").get_by_role("link").focus()
    page.keyboard.press("Shift+F10")
    menu = page.get_by_role("menu", name="What to do with this conversation")
    expect(menu.get_by_role("menuitem", name="Pin")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(menu.get_by_role("menuitem", name="Archive")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(row(page, "Alice").get_by_role("link")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="What to do with Alice")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(row(page, "Alice")).to_have_count(0)
