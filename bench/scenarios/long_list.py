"""The list of conversations in a real browser: as the demo data has it, and of somebody with hundreds."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from playwright.sync_api import Browser

from bench import targets
from bench.browsers.list_of_conversations import ConversationsList
from bench.browsers.reader import Reader
from bench.clients.period import spread
from bench.registry import scenario
from bench.results import Row, Verdict, ratio
from bench.scenarios.screen import histories
from bench.stage import Bench
from tests import servers
from tests.demo import ALICE, BOB, demo_site
from tests.live import ROOT, Site, running

Times = dict[str, list[float]]


@scenario("long-list", "The list of conversations on the screen, with few and with many in it")
def long_list(bench: Bench) -> Iterator[Row]:
    rounds, many = bench.options.size(8, 1), bench.options.size(500, 60)
    with demo_site() as site, running(servers.chromium(whole=True)) as browser:
        scene = _make(site, conversations=many)
        short = _measured(browser, site, ALICE, BOB, "Alice Moreau", rounds)
        long = _measured(browser, site, scene["reader"], scene["writer"], scene["name"], rounds)
        for name, times in short.items():
            yield _row(f"{name}, of the demo data", times)
            yield _row(f"{name}, of {many}", long[name], of=times)


def _measured(
    browser: Browser, site: Site, email: str, colleague: str, name: str, rounds: int
) -> Times:
    """In the order in which it would be done; what is loaded by scrolling stays for what comes after."""
    reader, writer = Reader(browser, site.url, email), Reader(browser, site.url, colleague)
    conversations = ConversationsList(reader)
    # Wherever it stands in their list.
    writer.page.locator("#conversation-search").fill(name)
    row = writer.page.locator(".conversation-row[data-kind=direct]").filter(has_text=name)
    row.get_by_role("link").first.click()
    writer.page.get_by_role("heading", level=1, name=name).wait_for()
    loads = conversations.loads(rounds)
    scrolled, stillness = conversations.scroll()
    news = [conversations.news(writer, f"News {number}") for number in range(5 * rounds)]
    return {
        "load": loads,
        "scroll to the end": [scrolled],
        "the longest frame of that": [stillness],
        "filter": conversations.filters(rounds),
        "click, to painted history": histories(reader, rounds, most=10),
        "Enter, to the other's row": news,
    }


def _make(site: Site, **wishes: Any) -> Mapping[str, str]:
    """In the demo site's database, in the terms of bench/scenes."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.scenes"],
        cwd=ROOT,
        env=dict(site.environment),
        input=json.dumps(["long_list", wishes]),
        stdout=subprocess.PIPE,
        text=True,
        timeout=120,
        check=True,
    )
    made: Mapping[str, str] = json.loads(done.stdout)
    return made


def _row(name: str, times: list[float], of: list[float] | None = None) -> Row:
    figures = {f"{which} ms": value for which, value in spread(times).items()}
    row = Row(name, {"times": float(len(times)), **figures})
    if of:
        figures["of the demo"] = ratio(figures["median ms"], spread(of)["median"])
        row = Row(name, {"times": float(len(times)), **figures})
    if of and name.startswith("click"):
        row.verdicts.append(Verdict("ms", figures["median ms"], targets.PAINTED_HISTORY))
    return row
