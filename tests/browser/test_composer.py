"""Writing: drafts, editing, what is too long, emoji, and what was refused."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat import (
    composer,
    expect_chat_with,
    expect_tick,
    message,
    messages,
    open_chat_with,
    row,
    send,
)
from tests.clients import Rest
from tests.live import Site

pytestmark = pytest.mark.browser

# The socket asks at once whether anybody is there. (The names of files change with their content.)
NOTICE = """async () => {
  const file = document.querySelector("link[rel=modulepreload][href*='/js/app.']").href;
  (await import(file)).socket.check();
}"""


@pytest.fixture
def cast(embedded_site: Site) -> dict[str, str]:
    return embedded_site.cast()


@pytest.fixture
def bob(embedded_site: Site, cast: dict[str, str]) -> Iterator[Rest]:
    with Rest(embedded_site.url, cast["bob"]) as rest:
        yield rest


@pytest.fixture(params=["desktop", "phone"])
def alice(
    request: pytest.FixtureRequest,
    embedded_site: Site,
    cast: dict[str, str],
    bob: Rest,
    page_for: Callable[..., Page],
) -> Page:
    with Rest(embedded_site.url, cast["alice"]) as rest, Rest(bob.url, cast["carol"]) as carol:
        rest.direct_with(bob.id)
        rest.direct_with(carol.id)
    page: Page = page_for(embedded_site, cast["alice"], phone=request.param == "phone")
    page.goto("/")
    return page


def test_writing_keeps_drafts_edits_counts_and_finds_emoji(alice: Page) -> None:
    open_chat_with(alice, "Bob")
    send_and_edit(alice)
    choose_emoji(alice)
    stay_within_the_length(alice)
    leave_and_come_back(alice)


def send_and_edit(page: Page) -> None:
    expect_tick(send(page, "Helo"), "sent")
    # Whoever composes a word chooses it with Enter.
    composer(page).fill("かん")
    composer(page).dispatch_event(
        "keydown", {"key": "Enter", "isComposing": True, "bubbles": True, "cancelable": True}
    )
    expect(messages(page)).to_have_count(1)
    composer(page).fill("")
    composer(page).press("ArrowUp")
    expect(page.get_by_text("Edit message")).to_be_visible()
    expect(composer(page)).to_have_value("Helo")
    composer(page).fill("Hello")
    composer(page).press("Escape")
    expect(composer(page)).to_have_value("")
    composer(page).press("ArrowUp")
    composer(page).fill("Hello")
    composer(page).press("Shift+Enter")
    composer(page).type("Bob")
    composer(page).press("Enter")
    expect(messages(page).locator("[data-field=content]")).to_have_text("Hello\nBob")
    expect(composer(page)).to_have_value("")
    expect(page.get_by_text("Edit message")).to_be_hidden()


def choose_emoji(page: Page) -> None:
    composer(page).fill("To the moon ")
    page.get_by_role("button", name="Emoji", exact=True).click()
    panel = page.get_by_role("dialog", name="Emoji")
    panel.get_by_label("Search emoji").fill("rocket")
    panel.get_by_role("button", name="rocket").click()
    panel.get_by_label("Search emoji").press("Escape")
    expect(panel).to_be_hidden()
    expect(composer(page)).to_have_value("To the moon 🚀")
    composer(page).press("Enter")
    expect(message(page, "To the moon 🚀")).to_be_visible()


def stay_within_the_length(page: Page) -> None:
    counter = page.locator("[data-field=counter]")
    composer(page).fill("é" * 3999)
    expect(counter).to_have_text("3,999 / 4,000")
    composer(page).fill("é" * 4001)
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    composer(page).press("Enter")
    expect(messages(page)).to_have_count(2)
    expect(composer(page)).to_have_value("é" * 4001)


def leave_and_come_back(page: Page) -> None:
    composer(page).fill("One\nTwo\nThree\nFour\nFive\nSix\nSeven\nEight")
    height = composer(page).evaluate("text => text.offsetHeight")
    assert 120 < height < 200
    composer(page).fill("A draft for Bob")
    page.go_back()
    open_chat_with(page, "Carol")
    expect(composer(page)).to_have_value("")
    page.go_back()
    open_chat_with(page, "Bob")
    expect(composer(page)).to_have_value("A draft for Bob")
    page.reload()
    expect_chat_with(page, "Bob")
    expect(composer(page)).to_have_value("A draft for Bob")


def test_what_is_refused_says_why_and_can_be_sent_again_together(
    alice: Page, bob: Rest, embedded_site: Site, cast: dict[str, str], complaints
) -> None:
    complaints.tolerate(r"net::ERR_|WebSocket connection to .* failed")
    with Rest(bob.url, cast["alice"]) as rest:
        alice_id, conversation_id = rest.id, rest.direct_with(bob.id)
    open_chat_with(alice, "Bob")
    alice.context.set_offline(True)
    alice.evaluate(NOTICE)
    for text in ("One", "Two", "Three"):
        expect(send(alice, text)).to_have_attribute("data-status", "sending")
    bob.post("auth/blocks", {"userId": alice_id})
    alice.context.set_offline(False)
    for text in ("One", "Two", "Three"):
        expect(message(alice, text)).to_have_attribute("data-status", "failed")
    expect(message(alice, "One").locator("[data-field=failure-reason]")).to_contain_text(
        "Not sent:"
    )
    expect(alice.get_by_text("3 messages were not sent.")).to_be_visible()
    expect(alice.get_by_text("You cannot send messages to this person.").first).to_be_visible()
    message(alice, "Two").get_by_role("button", name="Delete").click()
    expect(message(alice, "Two")).to_have_count(0)
    alice.reload()
    expect(message(alice, "One")).to_have_attribute("data-status", "failed")
    bob.delete(f"auth/blocks/{alice_id}")
    alice.get_by_role("button", name="Send all again").click()
    expect_tick(message(alice, "Three"), "sent")
    expect(alice.get_by_text("messages were not sent.")).to_be_hidden()
    assert [one["content"] for one in bob.history(conversation_id)] == ["One", "Three"]
    assert row(alice, "Bob").count() == 1
