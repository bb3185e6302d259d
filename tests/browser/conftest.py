"""Real browsers that are watched: whatever a page complains about fails its test, with a picture of it."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, WebError, expect

from tests.live import Site

PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)

contexts = pytest.StashKey[list[BrowserContext]]()


class Complaints:
    """Errors on consoles, uncaught exceptions and violations of the content security policy."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.tolerated: list[re.Pattern[str]] = []

    def listen_to(self, context: BrowserContext) -> None:
        context.on("console", self._note_console)
        context.on("weberror", self._note_error)

    def tolerate(self, pattern: str) -> None:
        """For a test that itself takes the network or the server away."""
        self.tolerated.append(re.compile(pattern))

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._note(f"{message.text} ({message.location.get('url', '')})")

    def _note_error(self, error: WebError) -> None:
        self._note(f"{error.error.name}: {error.error.message}\n{error.error.stack}")

    def _note(self, text: str) -> None:
        if not any(pattern.search(text) for pattern in self.tolerated):
            self.heard.append(text)


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    watch = Complaints()
    yield watch
    assert not watch.heard, "the page complained:\n" + "\n".join(watch.heard)


@pytest.fixture
def open_browser(
    open_browser: Callable[..., BrowserContext],
    complaints: Complaints,
    request: pytest.FixtureRequest,
) -> Callable[..., BrowserContext]:
    request.node.stash[contexts] = []

    def opened(site: Site, **options) -> BrowserContext:
        context = open_browser(site, **options)
        context.set_default_timeout(PATIENCE)
        complaints.listen_to(context)
        request.node.stash[contexts].append(context)
        return context

    return opened


@pytest.fixture
def cast(site: Site) -> dict[str, str]:
    return site.cast()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    report = yield
    if report.when == "call" and report.failed and contexts in item.stash:
        report.sections.append(("pictures", "\n".join(pictures(item))))
    return report


def pictures(item: pytest.Item) -> Iterator[str]:
    directory = item.config._tmp_path_factory.mktemp("pictures")  # type: ignore[attr-defined]
    pages = [page for context in item.stash[contexts] for page in context.pages]
    for number, page in enumerate(pages, start=1):
        file = directory / f"{number}.png"
        page.screenshot(path=file, timeout=5_000)
        yield f"{file} {page.url}"
