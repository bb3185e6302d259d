"""Signing a device out ends it wherever it is connected."""

import time

import pytest
from playwright.sync_api import expect

from tests.browser.chat import composer, message, open_chat_with, start_chat_with
from tests.cast import PASSWORD
from tests.clients import Rest

pytestmark = pytest.mark.browser

# The promise, in seconds.
CLOSED_WITHIN = 5


def test_a_device_that_is_signed_out_elsewhere_is_led_to_the_sign_in(
    production_site, page_for
) -> None:
    cast = production_site.cast()
    phone = page_for(production_site, cast["bob"], server=-1, phone=True)
    start_chat_with(phone, "Alice")
    there = phone.url
    composer(phone).fill("Begun before")
    desktop = page_for(production_site, cast["bob"])
    desktop.goto("/settings/devices")
    desktop.locator(".list-row").get_by_role("button", name="Sign out").click()
    began = time.monotonic()
    expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()
    assert time.monotonic() - began < CLOSED_WITHIN

    # And back to where it was.
    phone.get_by_label("E-mail address").fill(cast["bob"])
    phone.get_by_label("Password").fill(PASSWORD)
    phone.get_by_role("button", name="Sign in").click()
    expect(phone.get_by_role("heading", level=1, name="Alice")).to_be_visible()
    assert phone.url == there
    expect(composer(phone)).to_have_value("Begun before")
    expect(desktop.get_by_role("heading", name="Devices")).to_be_visible()


def test_two_tabs_are_one_reader_and_sign_out_together(production_site, page_for) -> None:
    cast = production_site.cast()
    with (
        Rest(production_site.url, cast["alice"]) as alice,
        Rest(production_site.url, cast["bob"]) as bob,
    ):
        conversation_id = alice.direct_with(bob.id)
        for text in ("One", "Two", "Three"):
            alice.send(conversation_id, text)
    first = page_for(production_site, cast["bob"])
    # A cookie belongs to the host, so the other process knows the same browser.
    second = first.context.new_page()
    second.goto(production_site.urls[-1])
    pill = second.locator("[data-field=unread-count]")
    expect(pill).to_have_text("3")
    expect(second.locator("notification-count")).to_have_text("1")
    expect(second).to_have_title("(3) Chats · Parley")

    open_chat_with(first, "Alice")
    expect(message(first, "Three")).to_be_visible()
    expect(pill).to_be_hidden()
    expect(second.locator("notification-count")).to_be_hidden()
    expect(second).to_have_title("Chats · Parley")

    first.get_by_label("Settings").click()
    first.get_by_role("button", name="Sign out").click()
    for tab in (first, second):
        expect(tab.get_by_role("heading", name="Sign in")).to_be_visible()
    assert first.url == f"{production_site.url}/sign-in"
