"""What axe finds on a page as it is now, in the light and in the dark."""

from collections.abc import Iterator
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
OPTIONS = {
    # Only what is wrong, not the thousands of things that are right.
    "resultTypes": ["violations"],
    # Of WCAG 2.2; axe leaves it out unless asked.
    "rules": {"target-size": {"enabled": True}},
}


def barriers(page: Page, where: str) -> Iterator[str]:
    for scheme in SCHEMES:
        # Without motion, so that no colour is looked at on its way to another.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for violation in Axe().run(page, options=OPTIONS).response["violations"]:
            for node in violation["nodes"]:
                what = f"{where} in the {scheme}: {violation['id']}: {node['html']}"
                yield f"{what}\n  {node['failureSummary']}"
