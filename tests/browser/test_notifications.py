"""The bell: what happened while somebody was away, or elsewhere."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.chat import message, without_reloading
from tests.clients import Rest
from tests.live import Site

pytestmark = pytest.mark.browser


@pytest.fixture
def site(production_site) -> Site:
    return production_site


@pytest.fixture
def alice(site, cast) -> Iterator[Rest]:
    with Rest(site.url, cast["alice"]) as rest:
        yield rest


@pytest.fixture
def bob(site, cast) -> Iterator[Rest]:
    with Rest(site.url, cast["bob"]) as rest:
        yield rest


def test_the_bell_counts_lists_and_leads_to_the_conversation(
    site, cast, alice, bob, page_for
) -> None:
    conversation_id = alice.direct_with(bob.id)
    for text in ("One", "Two", "Three"):
        alice.send(conversation_id, text)
    page = page_for(site, cast["bob"], server=-1)
    bell = page.locator("notification-count")
    expect(bell).to_have_text("1")
    with without_reloading(page):
        alice.group_of("Lunch", bob.id)
        expect(bell).to_have_text("2")

    page.get_by_role("link", name="Notifications").click()
    items = page.locator(".notification")
    expect(items).to_have_count(2)
    expect(items.first).to_contain_text("Lunch")
    with without_reloading(page):
        alice.group_of("Supper", bob.id)
        expect(items).to_have_count(3)
        expect(items.first).to_contain_text("Supper")
        bob.patch("notifications/read-all")
        expect(bell).to_be_hidden()
        expect(page.locator(".notification[data-unread]")).to_have_count(0)

    items.filter(has_text="Three").locator(".notification-open").click()
    expect(message(page, "Three")).to_be_visible()
