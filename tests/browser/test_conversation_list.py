"""The list on the left."""

import pytest
from playwright.sync_api import expect

from tests.browser.chat import expect_chat_with, row, unread, without_reloading
from tests.clients import Rest

pytestmark = pytest.mark.browser

PAGE = 50


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
