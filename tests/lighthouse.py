"""Run by bin/lighthouse: serves the demo data as in production, signs in, and has the page judged."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests import servers
from tests.cast import PASSWORD
from tests.live import ROOT

PACKAGE = "lighthouse@12.8.2"
WANTED = {"performance": 95, "accessibility": 100, "best-practices": 100}
VISITS = 3
EMAIL = "alice@acme.example"
CHROMIUM_FLAGS = "--headless=new --no-sandbox --disable-gpu --no-first-run"


def main() -> None:
    with tempfile.TemporaryDirectory() as name, demo_server(Path(name)) as url:
        cookies = signed_in(url)
        page = f"{url}/c/{latest_conversation(url, cookies)}"
        reports = [report_of(page, cookies, Path(name) / "report.json") for _ in range(VISITS)]
    scores = {
        category: statistics.median(score_of(report, category) for report in reports)
        for category in WANTED
    }
    for category, score in scores.items():
        print(f"{category}: {score:g} of 100, at least {WANTED[category]} wanted")
    tell_faults(reports[0])
    sys.exit(any(scores[category] < wanted for category, wanted in WANTED.items()))


@contextmanager
def demo_server(directory: Path) -> Iterator[str]:
    """In the embedded profile, but with hashed and compressed files."""
    port = servers.free_port()
    url = f"http://127.0.0.1:{port}"
    # No address of production can be http, but this one.
    chosen = {"DATA_DIR": str(directory), "DEBUG": "false", "SITE_URL": url, "SECRET_KEY": "k" * 60}
    unset = ("DATABASE_URL", "REDIS_URL")
    environment = {name: value for name, value in os.environ.items() if name not in unset} | chosen
    for command in (
        ["migrate", "--verbosity=0"],
        ["seed_demo", "--yes"],
        ["collectstatic", "--no-input", "--verbosity=0"],
    ):
        subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT, env=environment, check=True, timeout=180, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    with servers.process(
        [sys.executable, "-m", "chatproject.server", "-p", str(port)],
        log=directory / "log", environment=environment, directory=ROOT,
    ) as server:  # fmt: skip
        servers.wait_for(lambda: httpx.get(f"{url}/health/ready", timeout=2).is_success, server)
        yield url


def signed_in(url: str) -> str:
    """The cookies of a browser after the sign-in page, as a header."""
    with httpx.Client(base_url=url, follow_redirects=True, timeout=30) as browser:
        browser.get("/sign-in")
        form = {"email": EMAIL, "password": PASSWORD}
        token = {"X-CSRFToken": browser.cookies["csrftoken"], "Referer": url}
        browser.post("/sign-in", data=form, headers=token).raise_for_status()
        return "; ".join(f"{name}={value}" for name, value in browser.cookies.items())


def latest_conversation(url: str, cookies: str) -> int:
    page = httpx.get(f"{url}/api/chat/conversations", headers={"Cookie": cookies}, timeout=30)
    conversation_id: int = page.json()["conversations"][0]["id"]
    return conversation_id


def report_of(page: str, cookies: str, file: Path) -> dict[str, Any]:
    npx = shutil.which("npx")
    if npx is None:
        raise servers.Missing("npx is not installed")
    headers = file.with_name("headers.json")
    headers.write_text(json.dumps({"Cookie": cookies}))
    subprocess.run(
        [
            npx, "--yes", PACKAGE, page, "--quiet", "--output=json", f"--output-path={file}",
            f"--only-categories={','.join(WANTED)}", f"--extra-headers={headers}",
            f"--chrome-flags={CHROMIUM_FLAGS}", "--preset=desktop",
        ],
        env={**os.environ, "CHROME_PATH": servers.chromium()},
        check=True, timeout=120, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
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
