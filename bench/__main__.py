"""bin/bench [SCENARIO …]: starts what it needs, measures, prints tables, and stops everything again.

The figures go to var/bench/ too, with a picture. The machine's mood is in every figure: compare ratios of one
run, never figures of two.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import os
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import monotonic, strftime
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatproject.settings")
django.setup()

import bench.scenarios  # noqa: E402, F401
from bench import machine, picture, report  # noqa: E402
from bench.options import Options  # noqa: E402
from bench.registry import SCENARIOS, Scenario  # noqa: E402
from bench.stage import Bench  # noqa: E402
from tests.live import ROOT  # noqa: E402

# No scenario begins later than this, in seconds: a machine that is too busy is no place to measure.
LIMIT = 600


def main(arguments: Sequence[str] | None = None) -> list[report.Chapter]:
    given = parse(arguments)
    options = options_of(given)
    chosen = given.scenario or [each.name for each in SCENARIOS.values() if not each.on_request]
    mood = machine.Mood()
    with (
        tempfile.TemporaryDirectory(prefix="parley-bench-") as name,
        contextlib.ExitStack() as stack,
    ):
        directory = Path(name)
        # PostgreSQL and the servers run as different people.
        directory.chmod(0o755)
        stage = Bench(directory, stack, options)
        chapters: list[report.Chapter] = []
        try:
            for chapter in measure([SCENARIOS[name] for name in chosen], stage):
                chapters.append(chapter)
        finally:
            # Also of a run that was interrupted.
            described = {**machine.description(), **stage.description(), "load": mood.load}
            described["stolen %"] = round(100 * mood.stolen(), 1)
            publish(chapters, described, given.into)
    return chapters


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    listed = "\n".join(f"  {each.name:14} {each.title}" for each in SCENARIOS.values())
    parser = argparse.ArgumentParser(
        prog="bin/bench",
        description=__doc__,
        epilog=f"scenarios:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("scenario", nargs="*", choices=[*SCENARIOS, []], metavar="SCENARIO")
    parser.add_argument("--seconds", type=float, default=3.0, help="for each measurement")
    parser.add_argument("--mixed", type=float, default=60.0, help="seconds of mixed load on SQLite")
    parser.add_argument("--server", nargs="+", choices=SERVERS, default=installed_servers())
    parser.add_argument("--into", type=Path, default=ROOT / "var" / "bench", help="a directory")
    parser.add_argument("--smallest", action="store_true", help="whether it works, not how fast")
    return parser.parse_args(arguments)


SERVERS = ("daphne", "uvicorn")


def installed_servers() -> list[str]:
    return [name for name in SERVERS if importlib.util.find_spec(name)]


def options_of(given: argparse.Namespace) -> Options:
    if given.smallest:
        return Options(given.server, seconds=0.4, warm_up=0.05, mixed=0.3, smallest=True)
    return Options(given.server, seconds=given.seconds, mixed=given.mixed)


def measure(scenarios: Sequence[Scenario], stage: Bench) -> Iterator[report.Chapter]:
    begin = monotonic()
    for scenario in scenarios:
        if monotonic() - begin > LIMIT:
            print(f"Left out for lack of time: {scenario.name}", file=sys.stderr)
            continue
        chapter = report.Chapter(scenario.name, scenario.title)
        yield chapter
        try:
            for row in scenario.measure(stage):
                chapter.rows.append(row)
                print(f"{monotonic() - begin:4.0f} s  {scenario.name}: {row.name}", file=sys.stderr)
        finally:
            print(report.table(chapter), flush=True)


def publish(chapters: Sequence[report.Chapter], described: dict[str, Any], into: Path) -> None:
    print(report.conclusion(chapters))
    print("\n" + ", ".join(f"{name}: {value}" for name, value in described.items()))
    into.mkdir(parents=True, exist_ok=True)
    path = into / strftime("%Y%m%d-%H%M%S")
    report.store(chapters, described, path.with_suffix(".json"))
    picture.store(chapters, path.with_suffix(".svg"))
    print(f"Stored as {path}.json and .svg")


if __name__ == "__main__":
    os.chdir(ROOT)
    # To be asked to end is to end in order: everything that was started is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
