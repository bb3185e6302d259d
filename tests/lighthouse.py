"""Run by bin/lighthouse: serves the demo data as in production, signs in, and has the page judged."""

import json
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import sync_playwright

from tests import servers
from tests.cast import PASSWORD
from tests.demo import ALICE, demo_site
from tests.live import CHROMIUM_SWITCHES, Site

PACKAGE = "lighthouse@12.8.2"
WANTED = {"performance": 95, "accessibility": 100, "best-practices": 100}
VISITS = 3


def main() -> None:
    with demo_site() as site:
        reports = [visit(site) for _ in range(VISITS)]
    scores = {
        category: statistics.median(score_of(report, category) for report in reports)
        for category in WANTED
    }
    for category, score in scores.items():
        print(f"{category}: {score:g} of 100, at least {WANTED[category]} wanted")
    tell_faults(reports[0])
    sys.exit(any(scores[category] < wanted for category, wanted in WANTED.items()))


def visit(site: Site) -> dict[str, Any]:
    """By a browser that is signed in and has seen nothing yet."""
    port = servers.free_port()
    with (
        TemporaryDirectory(prefix="parley-visitor-") as profile,
        servers.process(
            [
                servers.chromium(whole=True), *CHROMIUM_SWITCHES, "--headless=new", "about:blank",
                f"--remote-debugging-port={port}", f"--user-data-dir={profile}",
            ],
            log=site.directory / "chromium.log",
        ) as chromium,
    ):  # fmt: skip
        servers.wait_for(lambda: servers.listening(port), chromium)
        return report_of(signed_in(site.url, port), port, site.directory / "report.json")


def signed_in(url: str, port: int) -> str:
    """Leaves the browser with the cookies alone; the address of what was said last."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        asked = browser.contexts[0].request
        form = asked.get(f"{url}/sign-in").text()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
        assert token is not None
        answer = asked.post(
            f"{url}/sign-in",
            form={"email": ALICE, "password": PASSWORD, "csrfmiddlewaretoken": token[1]},
            headers={"Referer": url},
        )
        assert answer.ok, answer.text()
        listed = asked.get(f"{url}/api/chat/conversations").json()["conversations"]
        return f"{url}/c/{listed[0]['id']}"


def report_of(page: str, port: int, file: Path) -> dict[str, Any]:
    npx = shutil.which("npx")
    if npx is None:
        raise servers.Missing("npx is not installed")
    subprocess.run(
        [
            npx, "--yes", PACKAGE, page, "--quiet", "--output=json", f"--output-path={file}",
            f"--only-categories={','.join(WANTED)}", f"--port={port}", "--preset=desktop",
        ],
        check=True, timeout=180, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    report: dict[str, Any] = json.loads(file.read_text())
    assert report["finalDisplayedUrl"] == page, "It was sent somewhere else."
    return report


def score_of(report: dict[str, Any], category: str) -> float:
    return float(round(100 * report["categories"][category]["score"]))


def tell_faults(report: dict[str, Any]) -> None:
    for audit in report["audits"].values():
        if audit["score"] is not None and audit["score"] < 0.9:
            print(f"  {audit['id']}: {audit['title']} {audit.get('displayValue', '')}")


if __name__ == "__main__":
    main()
