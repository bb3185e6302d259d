"""Nobody needs a mouse."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.chat import expect_tick, message, row
from tests.cast import PASSWORD
from tests.clients import Rest

pytestmark = pytest.mark.browser


def test_from_the_sign_in_to_a_sent_reply_by_keyboard_alone(embedded_site, open_browser) -> None:
    cast = embedded_site.cast()
    with (
        Rest(embedded_site.url, cast["alice"]) as alice,
        Rest(embedded_site.url, cast["bob"]) as bob,
    ):
        conversation_id = alice.direct_with(bob.id)
        alice.send(conversation_id, "Hello Bob")
    page = open_browser(embedded_site).new_page()
    page.goto("/sign-in")
    tab_to(page, page.get_by_label("E-mail address"))
    page.keyboard.type(cast["bob"])
    tab_to(page, page.get_by_label("Password"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(row(page, "Alice")).to_be_visible()
    expect(page.locator("message-composer, conversation-list:defined")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    tab_to(page, row(page, "Alice").get_by_role("link"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Message to Alice")).to_be_focused()
    page.keyboard.type("No mouse")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("at all")
    page.keyboard.press("Enter")
    expect_tick(message(page, "No mouse at all"), "sent")

    # Back to the messages for a reply.
    page.keyboard.press("Shift+F6")
    page.keyboard.press("Home")
    expect(message(page, "Hello Bob")).to_be_focused()
    page.keyboard.press("r")
    page.keyboard.type("And hello Alice")
    page.keyboard.press("Enter")
    reply = message(page, "And hello Alice")
    expect_tick(reply, "sent")
    expect(reply.locator("[data-field=quote-content]")).to_have_text("Hello Bob")

    # Back further to a menu, and out of it again.
    page.keyboard.press("Shift+Tab")
    settings = page.get_by_label("Settings")
    tab_to(page, settings, backwards=True)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Privacy")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Privacy")).to_be_hidden()
    expect(settings).to_be_focused()


def tab_to(page: Page, target: Locator, *, backwards: bool = False) -> None:
    """Whatever has the focus on the way shows it."""
    for _step in range(60):
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
        focus = page.locator(":focus")
        if focus.count():
            assert focus.evaluate(SHOWS_FOCUS), focus.evaluate("element => element.outerHTML")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not get to {target}")


# An outline or a ring of its own or of the box around it, or a scroller that shows it by itself.
SHOWS_FOCUS = """element => {
    const marked = [element, element.parentElement, element.closest("label, .search, .composer-line")];
    return element.matches(":focus-visible") && marked.some((one) => {
        if (!one) return false;
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
        return (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
    });
}"""
