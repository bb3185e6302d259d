"""What one does with a message: reply, edit, copy, delete, look how far it got; and how it is shown."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from conversations.templatetags.formatting import formatted
from tests.browser.chat import (
    composer,
    expect_chat_with,
    expect_tick,
    message,
    open_chat_with,
    row,
    send,
)
from tests.clients import Rest

pytestmark = pytest.mark.browser

CASES = json.loads((Path(__file__).parent.parent / "formatting.json").read_text())
ARABIC = "مرحبا بكم في الغداء"
LONG = "A sentence that goes on. " * 100


@pytest.fixture(scope="module")
def cast(embedded_site) -> dict[str, str]:
    people: dict[str, str] = embedded_site.cast()
    return people


@pytest.fixture(scope="module")
def alice(embedded_site, cast) -> Iterator[Rest]:
    with Rest(embedded_site.url, cast["alice"]) as rest:
        yield rest


@pytest.fixture(scope="module")
def bob(embedded_site, cast) -> Iterator[Rest]:
    with Rest(embedded_site.url, cast["bob"]) as rest:
        yield rest


def test_by_mouse(embedded_site, cast, alice, bob, page_for) -> None:
    group = bob.group_of("Mouse", alice.id)
    bob.send(group, "Lunch?")
    page = page_for(embedded_site, cast["alice"])
    open_chat_with(page, "Mouse")

    theirs = message(page, "Lunch?")
    theirs.hover()
    theirs.get_by_role("link", name="Reply").click()
    expect(page.locator("[data-field=reply-content]")).to_have_text("Lunch?")
    composer(page).fill("At *noon*")
    composer(page).press("Enter")
    mine = page.locator(".message[data-own]")
    expect_tick(mine, "sent")
    expect(mine.locator(".quote")).to_contain_text("Lunch?")
    mine.locator(".quote").click()
    expect(theirs).to_have_attribute("data-flash", "")

    # Of what others wrote one has less choice.
    theirs.hover()
    theirs.get_by_role("link", name="More").click()
    expect(choices(page)).to_have_text(["Reply", "Copy", "Delete"])
    page.mouse.click(5, 5)
    expect(choices(page)).to_have_count(0)

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    choose(page, mine, "Copy")
    assert page.evaluate("navigator.clipboard.readText()") == "At *noon*"

    bob.patch(f"chat/conversations/{group}/read")
    choose(page, mine, "Info")
    info = page.get_by_role("dialog", name="Message info")
    expect(info).to_contain_text("Bob")
    expect(info).to_contain_text("Read today at")
    info.get_by_role("button", name="Close").click()
    expect(info).to_be_hidden()

    choose(page, mine, "Delete")
    question = page.get_by_role("dialog", name="Delete this message?")
    question.get_by_role("button", name="Cancel").click()
    expect(question).to_be_hidden()
    choose(page, mine, "Delete")
    question.get_by_role("button", name="Delete for everyone").click()
    expect(question).to_be_hidden()
    expect(mine.get_by_text("This message was deleted")).to_be_visible()
    expect(page.get_by_text("At noon")).to_have_count(0)

    # What others wrote is deleted for oneself: also in another page, which was away.
    bob.send(group, "Never mind")
    other = page.context.new_page()
    other.goto(f"/c/{group}")
    expect_chat_with(other, "Mouse")
    expect(message(other, "Never mind")).to_be_visible()
    choose(page, message(page, "Never mind"), "Delete")
    expect(question.get_by_role("button", name="Delete for everyone")).to_be_hidden()
    question.get_by_role("button", name="Delete for me").click()
    for each in (page, other):
        expect(message(each, "Never mind")).to_have_count(0)
        expect(row(each, "Mouse")).to_contain_text("This message was deleted")
    other.close()
    choose(page, mine, "Delete")
    question.get_by_role("button", name="Delete for me").click()
    expect(mine).to_have_count(0)
    expect(theirs).to_be_focused()


def test_by_keyboard(embedded_site, cast, alice, bob, page_for) -> None:
    direct = bob.direct_with(alice.id)
    bob.send(direct, "Are you there?")
    page = page_for(embedded_site, cast["alice"])
    open_chat_with(page, "Bob")
    mine = send(page, "Yes, heer")
    expect_tick(mine, "sent")
    page.locator("[data-field=scroller]").focus()
    page.keyboard.press("ArrowUp")
    expect(mine).to_be_focused()

    page.keyboard.press("Enter")
    expect(choices(page)).to_have_text(["Reply", "Copy", "Edit", "Info", "Delete"])
    expect(choices(page).first).to_be_focused()
    page.keyboard.press("End")
    expect(choices(page).last).to_be_focused()
    page.keyboard.press("Escape")
    expect(mine).to_be_focused()

    page.keyboard.press("e")
    expect(composer(page)).to_be_focused()
    expect(composer(page)).to_have_value("Yes, heer")
    composer(page).fill("Yes, here")
    page.keyboard.press("Enter")
    expect(message(page, "Yes, here").get_by_text("Edited")).to_be_visible()
    expect(composer(page)).to_have_value("")

    page.locator("[data-field=scroller]").focus()
    page.keyboard.press("Home")
    theirs = message(page, "Are you there?")
    expect(theirs).to_be_focused()
    # What is not allowed does nothing.
    page.keyboard.press("i")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("r")
    expect(composer(page)).to_be_focused()
    page.keyboard.type("As I said")
    page.keyboard.press("Enter")
    expect(message(page, "As I said").locator(".quote")).to_contain_text("Are you there?")
    expect_tick(message(page, "As I said"), "sent")

    page.locator("[data-field=scroller]").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Delete")
    page.get_by_role("button", name="Delete for everyone").press("Enter")
    expect(page.locator(".message[data-deleted]")).to_have_count(1)


def test_by_touch(embedded_site, cast, alice, bob, page_for) -> None:
    group = bob.group_of("Touch", alice.id)
    for number in range(1, 81):
        bob.send(group, f"Message {number}")
    alice.patch(f"chat/conversations/{group}/read")
    page = page_for(embedded_site, cast["alice"], phone=True)
    page.goto(f"/c/{group}?around=2")
    expect_chat_with(page, "Touch")
    message(page, "Message 3").scroll_into_view_if_needed()
    with long_press(page, message(page, "Message 3")):
        expect(choices(page)).to_have_text(["Reply", "Copy", "Delete"])
    assert all(box["height"] >= 44 for box in map(box_of, choices(page).all()))
    choices(page).first.tap()
    send(page, "That one")

    # From the end back to what is quoted, which is not on the page any more.
    page.goto(f"/c/{group}")
    expect_chat_with(page, "Touch")
    expect(message(page, "Message 3")).to_have_count(0)
    message(page, "That one").locator(".quote").tap()
    expect(message(page, "Message 3")).to_be_in_viewport()
    expect(message(page, "Message 3")).to_have_attribute("data-flash", "")
    page.get_by_role("button", name="Jump to the latest message").tap()
    expect(message(page, "That one")).to_be_in_viewport()


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_what_is_written_is_shown_as_it_was_meant(
    embedded_site, cast, alice, bob, page_for, phone
) -> None:
    place = "phone" if phone else "desktop"
    group = bob.group_of(f"Format {place}", alice.id)
    link = "https://example.org/a?b=c"
    for text in (ARABIC, LONG, "🎉", f"*see* {link}\n```\ncode\n```", "<b onclick=alert(1)>no</b>"):
        bob.send(group, text)
    page = page_for(embedded_site, cast["alice"], phone=phone)
    open_chat_with(page, f"Format {place}")
    contents = page.locator(".message .message-content")
    for _reload in range(2):
        expect(contents.nth(0)).to_have_css("direction", "rtl")
        expect(page.locator(".bubble").nth(0)).to_have_css("text-align", "right")
        expect(contents.nth(2)).to_have_css("font-size", "40px")
        anchor = contents.nth(3).get_by_role("link")
        expect(anchor).to_have_attribute("href", link)
        expect(anchor).to_have_attribute("rel", "noopener noreferrer nofollow")
        expect(contents.nth(3).locator("pre")).to_have_text("code")
        expect(contents.nth(4)).to_have_text("<b onclick=alert(1)>no</b>")
        assert contents.nth(4).locator("*").count() == 0
        page.reload()
    long = page.locator(".message[data-long]")
    before = box_of(long)["height"]
    long.get_by_role("button", name="Read more").click()
    expect(long.get_by_role("button", name="Read more")).to_be_hidden()
    assert box_of(long)["height"] > before

    # The browser makes of each text what the server makes of it.
    made = page.evaluate(MARKUP, [case["text"] for case in CASES])
    expected = page.evaluate(PARSED, [formatted(case["text"]) for case in CASES])
    assert made == expected


def choices(page: Page) -> Locator:
    return page.get_by_role("menuitem").locator("visible=true")


def choose(page: Page, one: Locator, name: str) -> None:
    one.hover()
    one.get_by_role("link", name="More").click()
    page.get_by_role("menuitem", name=name).click()


def box_of(element: Locator) -> FloatRect:
    box = element.bounding_box()
    assert box is not None
    return box


@contextmanager
def long_press(page: Page, element: Locator) -> Iterator[None]:
    """A finger that stays where it is."""
    session = page.context.new_cdp_session(page)
    box = box_of(element.locator(".bubble"))
    point = {"x": box["x"] + 20, "y": box["y"] + 10}
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    yield
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


MARKUP = """async (texts) => {
    const { fillContent } = await import("/static/js/views/content.js");
    return texts.map((text) => {
        const element = document.createElement("div");
        const content = document.createElement("div");
        content.dataset.field = "content";
        element.append(content);
        fillContent(element, text);
        return content.innerHTML;
    });
}"""

# As a page of the server would be read.
PARSED = """(markups) => markups.map((markup) =>
    new DOMParser().parseFromString(markup, "text/html").body.innerHTML)"""
