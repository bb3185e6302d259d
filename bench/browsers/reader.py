"""Somebody at a browser, and how long they wait for what they see."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.live import DESKTOP, sign_in

STOPWATCH = Path(__file__).with_name("stopwatch.js")


class Reader:
    def __init__(self, browser: Browser, url: str, email: str) -> None:
        self.context = browser.new_context(base_url=url, viewport=DESKTOP, locale="en-GB")
        self.context.add_init_script(path=STOPWATCH)
        sign_in(self.context, email)
        self.page: Page = self.context.new_page()
        self.page.goto("/")
        # Nothing is measured that a browser does once.
        self.page.evaluate("navigator.serviceWorker.ready.then(() => null)")

    def waits_for(self, selector: str, text: str = "") -> None:
        """From now on; `seen` tells when it was there."""
        self.page.evaluate(
            "([selector, text]) => { window.end = stopwatch.painted(selector, text); }",
            [selector, text],
        )

    def seen(self) -> float:
        moment: float = self.page.evaluate("window.end")
        return moment / 1000

    def done(self, event: str, act: Callable[[], object]) -> float:
        """The moment at which the browser heard of it."""
        self.page.evaluate("type => { window.begin = stopwatch.begun(type); }", event)
        act()
        moment: float = self.page.evaluate("window.begin")
        return moment / 1000
