"""Run by bin/screenshots: serves the demo data and takes a picture of each screen."""

from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from tests import servers
from tests.cast import PASSWORD
from tests.demo import ALICE, demo_site
from tests.live import CHROMIUM_SWITCHES, DESKTOP, PHONE, ROOT

OUTPUT = ROOT / "docs" / "screenshots"
SIZES = {"desktop": DESKTOP, "phone": PHONE}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SETTLING_TIME = 700
SCREENS = {
    "list": "/",
    "direct": "conversation of Bob Okafor",
    "group": "conversation of Everybody at Acme",
    "about-person": "about Bob Okafor",
    "about-group": "about Everybody at Acme",
    "new": "/new",
    "notifications": "/notifications",
    "profile": "/settings/profile",
    "privacy": "/settings/privacy",
    "devices": "/settings/devices",
    "people": "/settings/people",
}


def main() -> None:
    OUTPUT.mkdir(parents=True, exist_ok=True)
    with demo_site() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=servers.chromium(), args=CHROMIUM_SWITCHES
        )
        for size in SIZES:
            for scheme in SCHEMES:
                take_all(browser, site.url, size, scheme)


def take_all(browser: Browser, url: str, size: str, scheme: Literal["light", "dark"]) -> None:
    context = browser.new_context(viewport=SIZES[size], color_scheme=scheme, base_url=url)
    page = context.new_page()
    page.goto("/sign-in")
    take(page, f"sign-in-{size}-{scheme}")
    page.get_by_label("E-mail address").fill(ALICE)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{url}/")
    for name, where in SCREENS.items():
        go_to(page, where)
        take(page, f"{name}-{size}-{scheme}")
    context.close()


def go_to(page: Page, where: str) -> None:
    if where.startswith("/"):
        page.goto(where)
        return
    what, _space, name = where.partition(" ")
    page.goto("/")
    page.get_by_role("link", name=name.removeprefix("of ")).first.click()
    if what == "about":
        page.locator("conversation-view a[data-info-link]").click()
        page.locator("conversation-info").wait_for()


def take(page: Page, name: str) -> None:
    page.wait_for_timeout(SETTLING_TIME)
    page.screenshot(path=OUTPUT / f"{name}.png")
    print(OUTPUT / f"{name}.png")
