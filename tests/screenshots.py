"""Run by bin/screenshots: serves the demo data and takes a picture of each screen."""

from io import BytesIO
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page

from tests import servers
from tests.browser.chat import row
from tests.demo import ALICE, demo_site
from tests.live import DESKTOP, PHONE, ROOT, running, sign_in

OUTPUT = ROOT / "docs" / "screenshots"
SIZES = {"desktop": DESKTOP, "phone": PHONE}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SETTLING_TIME = 700
# A picture is a fifth as large as a PNG, and nobody sees a difference.
QUALITY = 80
BEFORE_SIGN_IN = {
    "sign-in": "/sign-in",
    "register": "/register",
    "password-reset": "/password/reset",
}
SCREENS = {
    "list": "/",
    "direct": "conversation of Bob Okafor",
    "group": "conversation of Everybody at Acme",
    "message-menu": "menu of Bob Okafor",
    "shortcuts": "shortcuts of Bob Okafor",
    "about-person": "about Bob Okafor",
    "about-group": "about Everybody at Acme",
    "new": "/new",
    "new-group": "/new/group",
    "notifications": "/notifications",
    "profile": "/settings/profile",
    "privacy": "/settings/privacy",
    "notification-settings": "/settings/notifications",
    "devices": "/settings/devices",
    "own-data": "/settings/data",
    "people": "/settings/people",
    "not-found": "/nowhere",
    "offline": "/offline",
}


def main() -> None:
    OUTPUT.mkdir(parents=True, exist_ok=True)
    with demo_site() as site, running(servers.chromium(whole=True)) as browser:
        for size in SIZES:
            for scheme in SCHEMES:
                take_all(browser, site.url, size, scheme)


def take_all(browser: Browser, url: str, size: str, scheme: Literal["light", "dark"]) -> None:
    context = browser.new_context(
        viewport=SIZES[size], color_scheme=scheme, base_url=url, reduced_motion="reduce"
    )
    page = context.new_page()
    for name, path in BEFORE_SIGN_IN.items():
        page.goto(path)
        take(page, f"{name}-{size}-{scheme}")
    sign_in(context, ALICE)
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
    row(page, name.removeprefix("of ")).get_by_role("link").click()
    page.locator("message-composer:defined").wait_for()
    match what:
        case "about":
            page.locator("conversation-view a[data-info-link]").click()
            page.locator("conversation-info").wait_for()
        case "menu":
            message = page.locator(".message[data-own]").last
            message.locator(".bubble").click()
            message.locator("[data-action=menu]").click()
        case "shortcuts":
            page.evaluate("document.activeElement.blur()")
            page.keyboard.press("?")


def take(page: Page, name: str) -> None:
    page.wait_for_timeout(SETTLING_TIME)
    file = OUTPUT / f"{name}.webp"
    Image.open(BytesIO(page.screenshot())).save(file, quality=QUALITY, method=6)
    print(file)
