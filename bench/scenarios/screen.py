"""The demo data in two real browsers: from a click to the painted history, from Enter to the other's page."""

from __future__ import annotations

from collections.abc import Iterator

from bench import targets
from bench.browsers.reader import Reader
from bench.clients.period import spread
from bench.registry import scenario
from bench.results import Row, Target, Verdict
from bench.stage import Bench
from tests import servers
from tests.demo import ALICE, BOB, demo_site
from tests.live import running

HISTORY = "conversation-view[data-conversation-id='%s'] .message"
# A click that only adds a word: what no page could be quicker than.
WORD = "document.addEventListener('click', () => document.body.append('nothing'), { once: true })"


@scenario("screen", "On the screen: from the hand to the eye, in Chromium")
def screen(bench: Bench) -> Iterator[Row]:
    rounds = bench.options.size(8, 1)
    with demo_site() as site, running(servers.chromium(whole=True)) as browser:
        alice, bob = (Reader(browser, site.url, email) for email in (ALICE, BOB))
        yield _row("click, to a word", _words(alice, rounds))
        yield _row("click, to painted history", histories(alice, rounds), targets.PAINTED_HISTORY)
        bubbles = _bubbles(alice, bob, 5 * rounds)
        yield _row("Enter, to the other's bubble", bubbles, targets.PAINTED_BUBBLE)


def _words(reader: Reader, rounds: int) -> list[float]:
    found = []
    for _ in range(5 * rounds):
        reader.page.evaluate(WORD)
        reader.waits_for("body", "nothing")
        begun = reader.done("click", lambda: reader.page.mouse.click(5, 5))
        found.append(reader.seen() - begun)
        reader.page.evaluate("document.body.lastChild.remove()")
    return found


def histories(reader: Reader, rounds: int, *, most: int = 50) -> list[float]:
    """Each conversation of the list in turn, from the top; the first round is not counted."""
    rows = reader.page.locator("conversation-list .conversation-row:visible")
    ids = rows.evaluate_all("rows => rows.map((row) => row.dataset.conversationId)")[:most]
    found = []
    for number in range(rounds + 1):
        for each in ids:
            link = reader.page.locator(f".conversation-row[data-conversation-id='{each}'] a")
            reader.waits_for(HISTORY % each)
            begun = reader.done("click", link.click)
            waited = reader.seen() - begun
            found += [waited] if number else []
    return found


def _bubbles(writer: Reader, reader: Reader, count: int) -> list[float]:
    """Both look at the same conversation."""
    for person, name in ((writer, "Bob Okafor"), (reader, "Alice Moreau")):
        row = person.page.locator(".conversation-row[data-kind=direct]").filter(has_text=name)
        row.get_by_role("link").click()
        person.page.get_by_role("heading", level=1, name=name).wait_for()
    composer = writer.page.locator("message-composer textarea")
    found = []
    for number in range(count):
        text = f"From the hand to the eye, number {number}"
        reader.waits_for("conversation-view .message [data-field=content]", text)
        composer.fill(text)
        begun = writer.done("keydown", lambda: composer.press("Enter"))
        found.append(reader.seen() - begun)
    return found


def _row(name: str, times: list[float], target: Target | None = None) -> Row:
    figures = {f"{which} ms": value for which, value in spread(times).items()}
    verdicts = [Verdict("ms", figures["median ms"], target)] if target else []
    return Row(name, {"times": float(len(times)), **figures}, verdicts)
