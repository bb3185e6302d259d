"""What people do and see in a chat, in a browser."""

import contextlib
import re
from collections.abc import Iterator

from playwright.sync_api import Locator, Page, expect


def start_chat_with(page: Page, name: str) -> None:
    """From the contacts."""
    page.goto("/new")
    page.locator("#pane").get_by_role("button", name=name).click()
    expect_chat_with(page, name)


def open_chat_with(page: Page, name: str) -> None:
    row(page, name).get_by_role("link").click()
    expect_chat_with(page, name)


def expect_chat_with(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    # The scripts have taken over.
    expect(page.locator("message-composer:defined")).to_be_visible()


def send(page: Page, text: str) -> Locator:
    composer(page).fill(text)
    composer(page).press("Enter")
    expect(message(page, text)).to_be_visible()
    return message(page, text)


def composer(page: Page) -> Locator:
    return page.locator("message-composer textarea")


def row(page: Page, name: str) -> Locator:
    """In the list of conversations."""
    return page.locator(".conversation-row").filter(has=page.get_by_text(name, exact=True))


def unread(page: Page, name: str) -> Locator:
    return row(page, name).locator("[data-field=unread-count]")


def message(page: Page, text: str) -> Locator:
    content = page.locator("[data-field=content]").get_by_text(text, exact=True)
    return page.locator("conversation-view .message").filter(has=content)


def messages(page: Page) -> Locator:
    return page.locator("conversation-view .message")


def status_line(page: Page) -> Locator:
    return page.locator("conversation-view [data-field=status-line]")


def expect_tick(message: Locator, status: str) -> None:
    """`sent` is one tick, `delivered` two, `read` two coloured ones."""
    shape = message.locator("message-tick use")
    expect(message).to_have_attribute("data-status", status)
    expect(message.locator("message-tick")).to_be_visible()
    expect(message.locator("message-tick")).to_have_attribute("data-status", status)
    # Of what somebody read, when.
    expect(message.get_by_role("img", name=re.compile(f"^{status.capitalize()}"))).to_be_visible()
    expect(shape).to_have_attribute("href", f"#tick-{status}")


def colour(element: Locator) -> str:
    computed: str = element.evaluate("element => getComputedStyle(element).color")
    return computed


@contextlib.contextmanager
def without_reloading(*pages: Page) -> Iterator[None]:
    """A new document would have forgotten."""
    for page in pages:
        page.evaluate("window.isTheSameDocument = true")
    yield
    for page in pages:
        assert page.evaluate("window.isTheSameDocument === true"), f"{page.url} was loaded again"
