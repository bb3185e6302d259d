"""The list of pages that browsers and axe look at (tests/browser/test_pages.py) is the route map's."""

from urllib.parse import urlsplit

from tests.browser.test_pages import BEFORE_SIGN_IN, BEHIND_SIGN_IN
from tests.surface import routes

# Pages whose address has to be found first are in the list with an example.
LOOKED_AT = {urlsplit(path).path for path in (*BEFORE_SIGN_IN, *BEHIND_SIGN_IN)}


def test_every_page_without_a_variable_is_looked_at(alice, browser_of, client) -> None:
    pages = {
        route.path()
        for route in routes()
        if route.method == "GET" and not route.is_api and not route.variables
        for browser in (browser_of(alice), client)
        if is_page(browser.get(route.path()))
    }
    assert {"/", "/sign-in"} <= pages
    assert pages <= LOOKED_AT


def is_page(answer) -> bool:
    return answer.status_code == 200 and "text/html" in answer.get("Content-Type", "")
