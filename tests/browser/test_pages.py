"""Every page, on every screen, in every light and language: nothing broken, nothing cut off, nothing
for some only.

That no page complains on its console, and none breaks the content security policy, is held by the
`complaints` of conftest.py, in every test of a browser.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests import catalogues
from tests.browser.barriers import barriers
from tests.browser.chat import message
from tests.clients import Rest
from tests.mailbox import link_in_mail_to

pytestmark = pytest.mark.browser

BEFORE_SIGN_IN = [
    "/sign-in",
    "/register",
    "/password/reset",
    "/password/reset/sent",
    "/password/reset/done",
    "{reset}",
    "{invitation}",
    "/offline",
]
BEHIND_SIGN_IN = [
    "/",
    "/c/{direct}",
    "/c/{group}",
    "/c/{direct}/messages/{message}",
    "/c/{direct}/info",
    "/c/{group}/info",
    "/?filter=archived",
    "/new",
    "/new?search=nobody",
    "/new/group",
    "/notifications",
    "/settings/profile",
    "/settings/privacy",
    "/settings/notifications",
    "/settings/devices",
    "/settings/data",
    "/settings/people",
    "/settings/bots",
]
LONG_WORD = "Donaudampfschifffahrtsgesellschaft" * 6
LONG_LINK = f"https://example.org/{'a' * 300}?b={'c' * 100}"


@dataclass
class Site:
    page: Page
    direct: int
    group: int
    message: int
    invitation: str
    reset: str

    def choose(self, language: str) -> None:
        self.page.goto("/settings/profile")
        self.page.locator("select[name=language]").select_option(language)
        self.page.locator("main form button").click()
        expect(self.page.locator("html")).to_have_attribute("lang", language)

    def visit(self, path: str) -> None:
        self.page.goto(path.format_map(vars(self)))
        expect(self.page.get_by_role("heading", level=1).last).to_be_visible()


@pytest.fixture
def visitor(embedded_site, page_for, request) -> Iterator[Site]:
    """Alice, who has all kinds of things on her pages."""
    cast = embedded_site.cast()
    with (
        Rest(embedded_site.url, cast["alice"]) as alice,
        Rest(embedded_site.url, cast["bob"]) as bob,
    ):
        bob.patch("auth/me", {"displayName": LONG_WORD[:80], "about": LONG_WORD[:140]})
        direct = alice.direct_with(bob.id)
        group = bob.group_of(LONG_WORD[:100], alice.id)
        message = alice.send(direct, "*Hello* `there`")["id"]
        for person in (alice, bob):
            for text in (
                "Hello",
                LONG_WORD,
                LONG_LINK,
                "مرحبا بكم في الغداء",
                "🥪",
                "One\nand\nmore",
            ):
                person.send(direct, text)
                person.send(group, text)
        invitation = urlsplit(alice.post("auth/invitations", {})["link"]).path
        alice.post("auth/password/reset", {"email": cast["bob"]})
    page = page_for(embedded_site, cast["alice"], phone=request.param == "phone")
    reset = link_in_mail_to(cast["bob"], embedded_site, "/password/reset/")
    yield Site(page, direct, group, message, invitation, reset)


@pytest.mark.parametrize(
    ("visitor", "language"),
    [("desktop", "de"), ("phone", "ar")],
    indirect=["visitor"],
)
def test_every_page_fits_and_can_be_used_by_everybody(visitor, language) -> None:
    visitor.page.emulate_media(reduced_motion="reduce")
    visitor.choose(language)
    found = [each for path in BEHIND_SIGN_IN for each in faults(visitor, path, language)]
    visitor.page.context.clear_cookies(name="sessionid")
    found += [each for path in BEFORE_SIGN_IN for each in faults(visitor, path, language)]
    assert not found, "\n".join(found)


def faults(visitor: Site, path: str, language: str) -> Iterator[str]:
    visitor.visit(path)
    expect(visitor.page.locator("html")).to_have_attribute("lang", language)
    for element in visitor.page.evaluate(TOO_WIDE):
        yield f"{path} scrolls sideways: {element}"
    for text in visitor.page.evaluate(OUR_WORDS):
        if language != "en" and english(language).fullmatch(text):
            yield f"{path} in {language} still says: {text}"
    # Words change nothing of what axe looks for, but for those of whoever reads from right to left.
    if language != "de":
        yield from barriers(visitor.page, path)


@cache
def english(language: str) -> re.Pattern[str]:
    """What the English pages say and those in this language say otherwise."""
    texts = set()
    for entry in catalogues.read(catalogues.ROOT, language):
        said, theirs = catalogues.forms(entry.id), catalogues.forms(entry.string)
        texts |= {text for text in said if len(text) > 3 and text not in theirs}
    patterns = (PLACEHOLDER.sub(".+", re.escape(text)) for text in texts)
    return re.compile("|".join(patterns))


# As re.escape leaves them.
PLACEHOLDER = re.compile(r"%\\\(\w+\\\)[sd]|\\\{\w+\\\}|%[sd]")

# Whatever is written or named, but for what people wrote.
OUR_WORDS = """() => {
    const theirs = "[dir=auto], bdi, script, template, option, [lang]:not(html), .message-content";
    const shown = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts = [document.title];
    while (shown.nextNode()) {
        if (!shown.currentNode.parentElement.closest(theirs)) texts.push(shown.currentNode.data);
    }
    for (const name of ["aria-label", "title", "placeholder", "alt"]) {
        for (const one of document.body.querySelectorAll(`[${name}]`)) texts.push(one.getAttribute(name));
    }
    return [...new Set(texts.map((text) => text.replace(/\\s+/g, " ").trim()).filter(Boolean))];
}"""

# Neither the page nor anything on it that scrolls by itself, but for a row of tabs that is made for it.
TOO_WIDE = """() => {
    const scrollers = [...document.querySelectorAll("main, main *")].filter((element) =>
        element.matches(":not(.settings-navigation, input)") &&
        ["auto", "scroll"].includes(getComputedStyle(element).overflowX));
    return [document.scrollingElement, ...scrollers]
        .filter((element) => element.scrollWidth > element.clientWidth)
        .map((element) => `${element.tagName} ${element.className}: ${element.scrollWidth}`);
}"""


@pytest.mark.parametrize("visitor", ["desktop"], indirect=True)
def test_nothing_that_people_write_is_markup(visitor, embedded_site) -> None:
    page = visitor.page
    text = "<img src=x onerror=\"document.title='broken'\"><b>bold</b>"
    visitor.visit("/c/{direct}")
    page.locator("message-composer textarea").fill(text)
    page.locator("message-composer textarea").press("Enter")
    expect(message(page, text)).to_be_visible()
    expect(page.locator(".conversation-row").first).to_contain_text(text[:40])
    page.reload()
    expect(message(page, text)).to_be_visible()
    assert page.locator(".message-content b, .message-content img").count() == 0


def test_a_page_that_is_not_there_looks_like_ours(production_site, page_for, complaints) -> None:
    complaints.tolerate(r"status of 404")
    page = page_for(production_site, production_site.cast()["alice"])
    for path in ("/nowhere", "/c/999999999", "/invitations/nonsense"):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_role("main").get_by_role("link").first).to_be_visible()
    found = list(barriers(page, "a page that is not there"))
    assert not found, "\n".join(found)
