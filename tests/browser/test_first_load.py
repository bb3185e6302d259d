"""What a browser has to fetch before a conversation can be used."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Response

from tests.browser.chat import expect_chat_with
from tests.clients import Rest

pytestmark = pytest.mark.browser

KILOBYTE = 1024
MAX_OWN_CODE = 100 * KILOBYTE


def test_a_conversation_needs_little_and_asks_for_it_at_once(production_site, page_for) -> None:
    cast = production_site.cast()
    with (
        Rest(production_site.url, cast["alice"]) as alice,
        Rest(production_site.url, cast["bob"]) as bob,
    ):
        conversation_id = alice.direct_with(bob.id)
    page = page_for(production_site, cast["alice"])
    # As somebody who was never here: nothing is in the cache, no worker answers.
    page = page.context.new_page()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send("Network.setBypassServiceWorker", {"bypass": True})
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(f"/c/{conversation_id}", wait_until="networkidle")
    expect_chat_with(page, "Bob")

    code = [each for each in answers if is_own_code(each.url)]
    assert code
    sizes = {each.url: each.request.sizes()["responseBodySize"] for each in code}
    assert sum(sizes.values()) <= MAX_OWN_CODE, sizes
    assert all(each.headers.get("content-encoding") for each in code if sizes[each.url] > KILOBYTE)
    # The page itself names all of it, so that none has to wait for another.
    named = page.evaluate(
        "[...document.head.querySelectorAll('link, script')].map((e) => e.href || e.src)"
    )
    assert {each.url for each in code} <= set(named)


def is_own_code(url: str) -> bool:
    path = urlsplit(url).path
    return path.endswith((".js", ".css")) and "/vendor/" not in path
