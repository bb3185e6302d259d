"""Run by bin/app-icons: a browser draws the logo in the sizes that phones and desktops ask for."""

from playwright.sync_api import Page, sync_playwright

from tests import servers
from tests.live import CHROMIUM_SWITCHES, ROOT

IMAGES = ROOT / "static" / "images"
PAPER = "#f0f4f3"
# Size, how much of it the logo fills, and what is behind. A mask may cut off all but the inner four fifths.
ICONS = {
    "icon-192.png": (192, 0.86, "transparent"),
    "icon-512.png": (512, 0.86, "transparent"),
    "icon-maskable-512.png": (512, 0.56, PAPER),
    "apple-touch-icon.png": (180, 0.7, PAPER),
}


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=servers.chromium(), args=CHROMIUM_SWITCHES
        )
        for name, (size, share, paper) in ICONS.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(markup(size, share, paper))
            draw(page, name)
            page.close()
        browser.close()


def markup(size: int, share: float, paper: str) -> str:
    logo = (IMAGES / "logo.svg").read_text()
    return (
        f"<body style='margin:0;display:grid;place-items:center;height:{size}px;background:{paper}'>"
        f"<div style='width:{size * share}px'>{logo}</div></body>"
    )


def draw(page: Page, name: str) -> None:
    page.screenshot(path=IMAGES / name, omit_background=True)
