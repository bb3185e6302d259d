"""The network and the server come and go; what was written arrives, once and in order."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat import (
    composer,
    expect_tick,
    message,
    messages,
    send,
    start_chat_with,
    without_reloading,
)
from tests.clients import Rest, Socket
from tests.live import Site, embedded
from tests.network import Cable, cable_to

pytestmark = pytest.mark.browser


@pytest.fixture
def service_workers() -> str:
    return "allow"


# Pages do not all come back in the same moment; the longest pause between two attempts, and some more.
LONGEST_WAIT = 40_000


@pytest.fixture
def cable(embedded_site, complaints) -> Iterator[Cable]:
    complaints.tolerate(r"WebSocket connection to .* failed|net::ERR_")
    with cable_to(embedded_site.url) as cable:
        yield cable


@pytest.fixture
def cast(embedded_site) -> dict[str, str]:
    return embedded_site.cast()


@pytest.fixture
def alice(embedded_site, cable, cast, page_for) -> Page:
    """At the other end of the cable."""
    page: Page = page_for(replace(embedded_site, urls=[cable.url]), cast["alice"])
    start_chat_with(page, "Bob")
    return page


@pytest.fixture
def bob(embedded_site, cast) -> Iterator[Rest]:
    with Rest(embedded_site.url, cast["bob"]) as rest:
        yield rest


def conversation_of(person: Rest) -> int:
    (conversation,) = person.get("chat/conversations")["conversations"]
    conversation_id: int = conversation["id"]
    return conversation_id


def contents(person: Rest) -> list[str]:
    return [message["content"] for message in person.history(conversation_of(person))]


def test_a_message_whose_acknowledgement_got_lost_arrives_once(alice, bob, cable) -> None:
    with Socket(bob.url, bob.token) as phone, without_reloading(alice):
        cable.hold_answers()
        composer(alice).fill("Once")
        composer(alice).press("Enter")
        assert phone.hear("newMessage")["content"] == "Once"
        expect(message(alice, "Once")).to_have_attribute("data-status", "sending")
        cable.cut()
        cable.mend()
        expect_tick(message(alice, "Once"), "sent")
        expect(message(alice, "Once")).to_have_count(1)
        expect_tick(send(alice, "And then"), "sent")
    assert contents(bob) == ["Once", "And then"]


def test_what_is_written_without_a_network_goes_out_in_order_when_it_is_back(
    alice, bob, cable
) -> None:
    expect_tick(send(alice, "Before"), "sent")
    with without_reloading(alice):
        cable.cut()
        alice.context.set_offline(True)
        expect(alice.get_by_role("status")).to_have_text("Waiting for network…")
        for text in ("One", "Two", "Three"):
            expect(send(alice, text)).to_have_attribute("data-status", "sending")
        bob.send(conversation_of(bob), "Meanwhile")
        cable.mend()
        alice.context.set_offline(False)
        expect(alice.get_by_role("status")).to_be_hidden()
        for text in ("One", "Two", "Three"):
            expect_tick(message(alice, text), "sent")
        expect(message(alice, "Meanwhile")).to_be_visible()
        shown = messages(alice).locator("[data-field=content]")
        expect(shown).to_have_text(["Before", "Meanwhile", "One", "Two", "Three"])
    assert contents(bob) == ["Before", "Meanwhile", "One", "Two", "Three"]


def test_what_was_not_sent_yet_survives_loading_the_page_again(alice, bob, cable) -> None:
    cable.hold_answers()
    cable.cut()
    expect(send(alice, "Still here")).to_have_attribute("data-status", "sending")
    composer(alice).fill("And a draft")
    cable.mend()
    alice.reload()
    expect_tick(message(alice, "Still here"), "sent")
    expect(composer(alice)).to_have_value("And a draft")
    assert contents(bob) == ["Still here"]


def test_a_page_comes_back_by_itself_when_its_server_was_killed(
    tmp_path: Path, page_for, complaints
) -> None:
    complaints.tolerate(r"WebSocket connection to .* failed|net::ERR_CONNECTION")
    with embedded(tmp_path) as site:
        cast = site.cast()
        alice = page_for(site, cast["alice"])
        start_chat_with(alice, "Bob")
        expect_tick(send(alice, "Before"), "sent")
        with without_reloading(alice):
            (server,) = site.processes
            server.popen.kill()
            server.popen.wait()
            expect(send(alice, "In between")).to_have_attribute("data-status", "sending")
            expect(alice.get_by_role("status")).to_have_text("Reconnecting…")
            with site.server(port=port_of(site)), Rest(site.url, cast["bob"]) as bob:
                bob.send(conversation_of(bob), "Hello again")
                expect(message(alice, "Hello again")).to_be_visible(timeout=LONGEST_WAIT)
                # Bob may have confirmed it already: what he sends says that he has read what was before.
                expect(message(alice, "In between")).to_have_attribute(
                    "data-status", re.compile("sent|delivered|read")
                )
                expect(alice.get_by_role("status")).to_be_hidden()
                assert sorted(contents(bob)) == ["Before", "Hello again", "In between"]


def port_of(site: Site) -> int:
    return int(site.url.rpartition(":")[2])
