"""By the keyboard alone, and by ear: every place is reached, and what is new is said once."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.barriers import barriers
from tests.browser.chat import composer, expect_chat_with, message, row, send
from tests.clients import Rest

pytestmark = pytest.mark.browser


@pytest.fixture
def alice_and_bob(embedded_site) -> Iterator[tuple[Rest, Rest, str]]:
    """And the address of Alice, who has three conversations: Bob's is the latest, Carol's the next."""
    cast = embedded_site.cast()
    with (
        Rest(embedded_site.url, cast["alice"]) as alice,
        Rest(embedded_site.url, cast["bob"]) as bob,
        Rest(embedded_site.url, cast["carol"]) as carol,
    ):
        alice.send(alice.group_of("Lunch", bob.id), "Who cooks?")
        carol.send(carol.direct_with(alice.id), "Hello Alice")
        bob.send(bob.direct_with(alice.id), "Are you there?")
        yield alice, bob, cast["alice"]


def test_the_keyboard_gets_everywhere(embedded_site, page_for, alice_and_bob) -> None:
    page = page_for(embedded_site, alice_and_bob[2])
    expect(page.locator("conversation-list:defined, shortcut-map:defined")).to_have_count(2)
    the_list_is_one_stop_and_arrows_go_through_it(page)

    page.keyboard.press("Enter")
    expect_chat_with(page, "Bob")
    expect(composer(page)).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    expect_chat_with(page, "Carol")
    page.keyboard.press("Alt+ArrowUp")
    expect_chat_with(page, "Bob")
    expect(composer(page)).to_be_focused()

    page.keyboard.press("F6")
    expect(link(page, "Bob")).to_be_focused()
    page.keyboard.press("F6")
    page.keyboard.press("ArrowUp")
    expect(message(page, "Are you there?")).to_be_focused()
    page.keyboard.press("r")
    expect(composer(page)).to_be_focused()
    page.keyboard.type("Yes?")
    page.keyboard.press("Enter")
    expect(message(page, "Yes?").locator("[data-field=quote-content]")).to_have_text(
        "Are you there?"
    )
    page.keyboard.press("Shift+F6")
    expect(composer(page)).not_to_be_focused()
    the_map_of_shortcuts_keeps_the_focus_and_gives_it_back(page)


def the_list_is_one_stop_and_arrows_go_through_it(page: Page) -> None:
    link(page, "Bob").focus()
    expect(page.locator("conversation-list [data-field=rows] a[tabindex='0']")).to_have_count(1)
    for key, name in {"ArrowDown": "Carol", "End": "Lunch", "Home": "Bob"}.items():
        page.keyboard.press(key)
        expect(link(page, name)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(link(page, "Carol")).to_have_attribute("tabindex", "0")
    page.keyboard.press("Shift+Tab")
    expect(page.locator("conversation-list [data-field=rows] :focus")).to_have_count(0)
    page.keyboard.press("Tab")
    expect(link(page, "Carol")).to_be_focused()
    page.keyboard.press("Home")


def the_map_of_shortcuts_keeps_the_focus_and_gives_it_back(page: Page) -> None:
    before = page.evaluate_handle("document.activeElement")
    page.keyboard.press("?")
    shortcuts = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(shortcuts).to_be_visible()
    expect(shortcuts.get_by_text("Next conversation", exact=True)).to_be_visible()
    found = list(barriers(page, "the map of shortcuts"))
    assert not found, "\n".join(found)
    # Only what this page has is listed.
    listed = shortcuts.locator("[data-if]:visible")
    for selector in listed.evaluate_all("entries => entries.map((one) => one.dataset.if)"):
        assert page.locator(selector).count(), selector
    for _step in range(4):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.matches('body, dialog, dialog *')")
    page.keyboard.press("Escape")
    expect(shortcuts).to_be_hidden()
    assert before.evaluate("element => element === document.activeElement")
    # Whoever dictates may switch the single key off.
    page.get_by_label("Settings").click()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    shortcuts.get_by_label("Open this list by ? alone").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(shortcuts).to_be_hidden()


def test_a_new_message_is_said_once_with_its_sender(embedded_site, page_for, alice_and_bob) -> None:
    alice, bob, email = alice_and_bob
    conversation_id = alice.direct_with(bob.id)
    page = page_for(embedded_site, email)
    link(page, "Bob").click()
    expect_chat_with(page, "Bob")
    said = page.get_by_role("log").locator("p")
    send(page, "Mine is not read out to me")
    bob.send(conversation_id, "One moment")
    expect(said).to_have_text(["Bob: One moment"])
    bob.send(conversation_id, "Now")
    expect(said).to_have_text(["Bob: One moment", "Bob: Now"])
    # History is no news.
    page.reload()
    expect(message(page, "Now")).to_be_visible()
    expect(said).to_have_count(0)


def link(page: Page, name: str) -> Locator:
    return row(page, name).get_by_role("link")
