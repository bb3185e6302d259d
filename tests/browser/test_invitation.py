"""From a name on a form, by way of a mailbox, to the first message."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.chat import expect_chat_with, expect_tick, message, open_chat_with, send
from tests.cast import PASSWORD
from tests.mailbox import link_in_mail_to

pytestmark = pytest.mark.browser


def test_somebody_invited_by_mail_joins_and_writes(production_site, page_for, open_browser) -> None:
    site, cast = production_site, production_site.cast()
    alice = page_for(site, cast["alice"])
    alice.goto("/settings/people")
    address = cast["alice"].replace("alice", "dora")
    alice.get_by_label("E-mail address").fill(address)
    alice.get_by_role("button", name="Invite").click()
    expect(alice.locator(".list-row", has_text=address)).to_be_visible()

    link = link_in_mail_to(address, site, "/invitations/")
    dora = open_browser(site, phone=True).new_page()
    dora.goto(link)
    expect(dora.get_by_role("heading", name="Join Acme")).to_be_visible()
    expect(dora.get_by_text(address)).to_be_visible()
    dora.get_by_label("Your name").fill("Dora")
    dora.get_by_label("Password").fill(PASSWORD)
    dora.get_by_role("button", name="Join").click()
    expect(dora.get_by_role("heading", name="No conversations yet")).to_be_visible()

    dora.goto("/new")
    dora.locator("#pane").get_by_role("button", name="Alice").click()
    expect_chat_with(dora, "Alice")
    expect_tick(send(dora, "I am in"), "delivered")
    alice.goto("/")
    open_chat_with(alice, "Dora")
    expect(message(alice, "I am in")).to_be_visible()


def test_a_link_to_hand_on_works_once(embedded_site, page_for, open_browser, complaints) -> None:
    complaints.tolerate(r"status of 404 .*/invitations/")
    alice = page_for(embedded_site, embedded_site.cast()["alice"])
    alice.goto("/settings/people")
    alice.get_by_role("button", name="Invite").click()
    link = urlsplit(alice.get_by_label("Link of the invitation").input_value()).path

    dora = open_browser(embedded_site).new_page()
    dora.goto(link)
    dora.get_by_label("Your name").fill("Dora")
    dora.get_by_label("E-mail address").fill("dora@elsewhere.example")
    dora.get_by_label("Password").fill(PASSWORD)
    dora.get_by_role("button", name="Join").click()
    expect(dora.get_by_role("heading", name="No conversations yet")).to_be_visible()

    late = open_browser(embedded_site).new_page()
    late.goto(link)
    expect(late.get_by_role("heading", name="This invitation is over")).to_be_visible()
