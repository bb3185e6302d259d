"""Parley without a network: what was seen last can be read, and what is written waits."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

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
from tests.live import Site
from tests.network import Cable, cable_to

pytestmark = pytest.mark.browser


@pytest.fixture
def service_workers() -> str:
    return "allow"


WAITS = "Written without a network"


@pytest.fixture
def cable(site: Site, complaints) -> Iterator[Cable]:
    complaints.tolerate(r"WebSocket connection to .* failed|net::ERR_|Failed to load resource")
    with cable_to(site.url) as cable:
        yield cable


@pytest.fixture
def bob(site: Site, cast: dict[str, str]) -> Iterator[Rest]:
    with Rest(site.url, cast["bob"]) as rest:
        yield rest


@pytest.fixture
def alice(site: Site, cable: Cable, cast: dict[str, str], page_for: Callable[..., Page]) -> Page:
    """At the other end of the cable, with everything kept that is kept in the background."""
    page: Page = page_for(replace(site, urls=[cable.url]), cast["alice"])
    wait_for_worker(page)
    return page


@pytest.fixture
def conversation_id(site: Site, cast: dict[str, str], bob: Rest) -> int:
    with Rest(site.url, cast["alice"]) as alice:
        return alice.direct_with(bob.id)


def wait_for_worker(page: Page) -> None:
    wait_until(page, "navigator.serviceWorker.controller && await caches.match('/frame')")


def wait_until(page: Page, condition: str) -> None:
    """`wait_for_function` would need eval, which the policy forbids."""
    page.evaluate(
        f"async () => {{ while (!({condition})) await new Promise((go) => setTimeout(go, 50)); }}"
    )


def go_offline(page: Page, cable: Cable) -> None:
    cable.cut()
    page.context.set_offline(True)
    expect(page.get_by_role("status").first).to_have_text("Waiting for network…")


def go_online(page: Page, cable: Cable) -> None:
    cable.mend()
    page.context.set_offline(False)


def test_the_last_conversations_open_without_a_network_and_messages_wait(
    conversation_id: int, alice: Page, bob: Rest, cable: Cable
) -> None:
    alice.reload()
    open_chat_with(alice, "Bob")
    expect_tick(send(alice, "Before"), "sent")
    bob.send(conversation_id, "While the page was open")
    expect(message(alice, "While the page was open")).to_be_visible()
    wait_until(alice, f"await ({COUNT_EVENTS})() >= 2")
    go_offline(alice, cable)
    alice.reload()
    expect_chat_with(alice, "Bob")
    expect(message(alice, "Before")).to_be_visible()
    expect(message(alice, "While the page was open")).to_be_visible()
    expect(row(alice, "Bob").locator("[data-field=preview]")).to_have_text(
        "While the page was open"
    )
    expect(send(alice, WAITS)).to_have_attribute("data-status", "sending")
    alice.goto("/")
    open_chat_with(alice, "Bob")
    expect(message(alice, WAITS)).to_have_attribute("data-status", "sending")
    alice.goto("/settings/devices")
    expect(alice.get_by_role("heading", name="No connection")).to_be_visible()
    go_online(alice, cable)
    alice.goto(f"/c/{conversation_id}")
    expect_tick(message(alice, WAITS), "sent")
    expect(message(alice, WAITS)).to_have_count(1)
    assert [one["content"] for one in bob.history(conversation_id)].count(WAITS) == 1


COUNT_EVENTS = """async () => {
  const { name } = (await indexedDB.databases()).find(({ name }) => name.startsWith("parley.kept."));
  const database = await new Promise((resolve) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
  });
  const count = await new Promise((resolve) => {
    const request = database.transaction("events").objectStore("events").count();
    request.onsuccess = () => resolve(request.result);
  });
  database.close();
  return count;
}"""


def test_pages_of_one_browser_agree_and_signing_out_leaves_nothing(
    conversation_id: int, alice: Page, bob: Rest, cable: Cable
) -> None:
    alice.goto(f"/c/{conversation_id}")
    other = alice.context.new_page()
    other.goto(alice.url)
    expect(other.locator("message-composer:defined")).to_be_visible()
    composer(alice).fill("Begun here")
    expect(composer(other)).to_have_value("Begun here")
    go_offline(alice, cable)
    composer(alice).press("Enter")
    expect(message(other, "Begun here")).to_have_attribute("data-status", "sending")
    expect(composer(other)).to_have_value("")
    # Who wrote it is gone: the other page sends it.
    alice.goto("about:blank")
    go_online(other, cable)
    expect_tick(message(other, "Begun here"), "sent")
    assert [one["content"] for one in bob.history(conversation_id)] == ["Begun here"]

    composer(other).fill("A secret")
    other.get_by_label("Settings").click()
    other.get_by_role("button", name="Sign out").click()
    other.wait_for_url("**/sign-in")
    assert other.evaluate("caches.has('parley.pages')") is False
    assert other.evaluate("indexedDB.databases()") == []
    assert other.evaluate("Object.keys(localStorage)") == []
    cable.cut()
    other.context.set_offline(True)
    other.goto(f"/c/{conversation_id}")
    expect(other.get_by_role("heading", name="No connection")).to_be_visible()


def test_a_new_version_comes_when_its_reader_wants_it(
    embedded_site: Site, page_for: Callable[..., Page]
) -> None:
    page = page_for(embedded_site, embedded_site.cast()["alice"])
    wait_for_worker(page)
    page.reload()
    page.evaluate("navigator.serviceWorker.register('/service-worker.js?newer', {type: 'module'})")
    expect(page.get_by_text("A new version is there.")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Reload").click()
    script = page.evaluate("navigator.serviceWorker.controller.scriptURL")
    assert script.endswith("?newer")
