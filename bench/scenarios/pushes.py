"""One message to a group whose members are all away, each with a browser: until all of them are told."""

from __future__ import annotations

import json
from collections.abc import Iterator

from bench import targets
from bench.registry import scenario
from bench.results import Row, Verdict
from bench.stage import Bench, Stage

DEVICES = 2_000


@scenario("pushes", "Push: one worker, one message, a browser for each of those who are away")
def pushes(bench: Bench) -> Iterator[Row]:
    devices = bench.options.size(DEVICES, 50)
    for name, stage in (("PostgreSQL", bench.production()), ("SQLite", bench.embedded())):
        yield _row(f"{name}, {devices} devices", devices, _measured(stage, devices))


def _measured(stage: Stage, devices: int) -> dict[str, float]:
    told = stage.site.run("-m", "bench.pushes", str(devices))
    result: dict[str, float] = json.loads(told.splitlines()[-1])
    return result


def _row(name: str, devices: int, result: dict[str, float]) -> Row:
    figures = {
        "send ms": result["send_ms"],
        "decided/s": result["decided_per_second"],
        "pushes/s": result["pushes_per_second"],
    }
    added = result["statements_added_to_the_send"]
    verdict = Verdict("statements added to the send", added, targets.STATEMENTS_FOR_PUSH)
    warnings = [] if result["sent"] == devices else ["not every device was told"]
    return Row(name, figures, [verdict], warnings)
