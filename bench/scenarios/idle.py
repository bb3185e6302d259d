"""Three thousand people are signed in and say nothing: what one costs in memory, and all of them in CPU."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench import machine, targets
from bench.measure import Measured, measure
from bench.options import Options
from bench.registry import scenario
from bench.results import Row, Verdict
from bench.stage import Bench

# What the first socket of a process causes to be loaded is not what a socket costs.
FIRST = 20
# Until everybody has been told of everybody's coming, in seconds.
SETTLING = 15.0


@scenario("idle", "Idle: authenticated sockets that do nothing")
def idle(bench: Bench) -> Iterator[Row]:
    options = bench.options
    stage = bench.production()
    settling = 0.3 if options.smallest else SETTLING
    people = stage.scene("crowd", count=options.size(3000, 40))
    for server in options.servers:
        with stage.serve(server, cores=[machine.SERVER_CORE]) as running:
            process = running["product"][0]
            watch = {"server": process.pid, **bench.foundation}
            measure("idle", _plan(options, process.port, people[:FIRST], 0), watch=watch)
            before = machine.memory(process.pid)
            measured = measure("idle", _plan(options, process.port, people, settling), watch=watch)
            yield _row(server, len(people), before, measured)


def _plan(options: Options, port: int, people: list[str], warm_up: float) -> dict[str, Any]:
    seconds = 3 * options.seconds if warm_up else 0.2
    return {"port": port, "people": people, "warm_up": warm_up, "seconds": seconds}


def _row(server: str, count: int, before: dict[str, int], measured: Measured) -> Row:
    grown = {kind: (measured.memory[kind] - before[kind]) / count / 1000 for kind in before}
    share = 100 * measured.cpu["server"]
    figures = {"RSS KB each": grown["rss"], "PSS KB each": grown["pss"], **measured.shares}
    verdicts = [
        Verdict("KB for each socket", grown["rss"], targets.IDLE_MEMORY),
        Verdict("% of a core", share, targets.IDLE_CPU),
    ]
    lost = measured.result["lost"]
    warnings = [f"{lost} sockets were lost"] if lost else []
    return Row(f"{server}, {count} sockets", figures, verdicts, warnings)
