"""Every page works as it came from the server."""

import time
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat import message, messages, row, unread
from tests.clients import Rest

pytestmark = pytest.mark.browser


@pytest.fixture
def site(embedded_site):
    return embedded_site


@pytest.fixture
def page(site, cast, page_for) -> Page:
    """Bob's."""
    return page_for(site, cast["bob"], java_script_enabled=False)


@pytest.fixture
def bob(site, cast) -> Iterator[Rest]:
    with Rest(site.url, cast["bob"]) as rest:
        yield rest


@pytest.fixture
def alice(site, cast) -> Iterator[Rest]:
    with Rest(site.url, cast["alice"]) as rest:
        yield rest


def test_reading_older_pages_marking_as_read_and_sending(alice, bob, page) -> None:
    conversation_id = alice.direct_with(bob.id)
    for number in range(1, 71):
        alice.send(conversation_id, f"Message {number}")
    page.reload()
    expect(unread(page, "Alice")).to_have_text("70")

    row(page, "Alice").get_by_role("link").click()
    expect(page.locator(".unread-divider")).to_have_text("70 unread messages")
    shown = [text_of_messages(page)]
    while page.get_by_role("link", name="Newer messages").is_visible():
        page.get_by_role("link", name="Newer messages").click()
        shown.append(text_of_messages(page))
    assert sum(shown, []) == [f"Message {number}" for number in range(1, 71)]
    page.get_by_role("link", name="Older messages").click()
    assert text_of_messages(page) == shown[-2][-50:]

    page.get_by_role("button", name="Mark as read").click()
    expect(page.get_by_role("button", name="Mark as read")).to_be_hidden()
    expect(unread(page, "Alice")).to_be_hidden()
    assert alice.conversation(conversation_id)["readByAllSeq"] == 70

    page.get_by_role("textbox", name="Message to Alice").fill("I have read\nit all")
    page.get_by_role("button", name="Send", exact=True).click()
    sent = messages(page).last
    expect(sent.locator("[data-field=content]")).to_have_text("I have read\nit all")
    expect(sent.get_by_role("img", name="Sent")).to_be_visible()
    expect(page.get_by_role("textbox", name="Message to Alice")).to_have_value("")
    alice.patch(f"chat/conversations/{conversation_id}/read")
    page.reload()
    expect(messages(page).last.get_by_role("img", name="Read today at")).to_be_visible()

    message(page, "Message 70").get_by_role("link", name="Reply").click()
    page.get_by_role("textbox", name="Message to Alice").fill("Especially this")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(messages(page).last.locator("[data-field=quote-content]")).to_have_text("Message 70")
    assert alice.conversation(conversation_id)["lastMessage"]["replyTo"]["content"] == "Message 70"


def text_of_messages(page: Page) -> list[str]:
    page.wait_for_load_state("domcontentloaded")
    return page.locator("conversation-view .message [data-field=content]").all_inner_texts()


def test_starting_a_chat_and_a_group(page) -> None:
    page.get_by_role("link", name="New chat").first.click()
    page.get_by_role("searchbox", name="Search people").fill("caro")
    page.get_by_role("searchbox", name="Search people").press("Enter")
    expect(page.locator("#pane").get_by_role("button", name="Alice")).to_be_hidden()
    page.locator("#pane").get_by_role("button", name="Carol").click()
    expect(page.get_by_role("heading", level=1, name="Carol")).to_be_visible()

    page.goto("/new/group")
    page.get_by_role("textbox", name="Name of the group").fill("Lunch")
    page.get_by_role("checkbox", name="Alice").check()
    page.get_by_role("checkbox", name="Carol").check()
    page.locator("#pane").get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", level=1, name="Lunch")).to_be_visible()
    expect(page.locator(".system-line")).to_have_text("You created the group “Lunch”")


def test_notifications(alice, bob, page) -> None:
    page.goto("/notifications")
    expect(page.get_by_text("You are all caught up")).to_be_visible()
    conversation_id = alice.direct_with(bob.id)
    alice.send(conversation_id, "One")
    # Who is away is notified right after the answer.
    while not bob.get("notifications/unread-count")["unreadCount"]:
        time.sleep(0.05)
    page.reload()
    expect(page.locator("notification-count")).to_have_text("1")
    page.locator(".notification-open").click()
    expect(page.get_by_role("heading", level=1, name="Alice")).to_be_visible()
    expect(page.locator("notification-count")).to_be_hidden()

    alice.group_of("Lunch", bob.id)
    page.goto("/notifications")
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.locator("notification-count")).to_be_hidden()
    before = page.locator(".notification").count()
    first = page.locator(".notification").first
    first.locator("summary").click()
    first.get_by_role("button", name="Remove").click()
    expect(page.locator(".notification")).to_have_count(before - 1)


def test_profile_and_privacy(alice, bob, page) -> None:
    page.goto("/settings/profile")
    page.get_by_label("Your name").fill("Robert")
    page.get_by_label("About").fill("Mostly here")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_be_visible()
    (seen,) = alice.get("chat/contacts", search="Robert")["contacts"]
    assert seen["about"] == "Mostly here"

    page.goto("/settings/privacy")
    page.get_by_role("group", name="when I was last here").get_by_role(
        "radio", name="Nobody"
    ).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_be_visible()
    assert alice.get(f"chat/online-status/{bob.id}")["lastSeenAt"] is None


def test_devices_password_and_sign_out(site, cast, bob, page) -> None:
    page.goto("/settings/devices")
    other = page.locator(".list-row").filter(has_text="tests")
    other.get_by_role("button", name="Sign out").click()
    expect(other).to_be_hidden()
    assert bob.http.get("auth/me").status_code == httpx.codes.UNAUTHORIZED

    page.get_by_label("Settings").locator("visible=true").first.click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto("/settings/profile")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("E-mail").fill(cast["bob"])
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
