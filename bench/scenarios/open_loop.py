"""Messages come at a fixed rate from 200 senders; each counts as late as it is after its intended moment."""

from __future__ import annotations

from collections.abc import Iterator

from bench.registry import scenario
from bench.results import Row
from bench.sending import across, row, send
from bench.stage import Bench

# Below this share of the wanted rate the server did not keep up, and times only say how long that went on.
KEPT_UP = 0.97


@scenario("open-loop", "Open loop: so many a second, timed from the moment each was due")
def open_loop(bench: Bench) -> Iterator[Row]:
    options = bench.options
    stage = bench.production()
    pairs = stage.pairs(options.size(200, 4))
    for server in options.servers:
        with stage.serve(server) as running:
            processes = running["product"]
            watch = {"server": processes[0].pid, **bench.foundation}
            for rate in options.sizes([100, 500, 1000, 2000], [20]):
                measured = send(
                    options, pairs, across(processes), watch=watch, client="open_loop", rate=rate
                )
                found = row(f"{server}, {rate}/s", measured)
                if found.figures["acked/s"] < KEPT_UP * rate:
                    found.warnings.append("the server did not keep up")
                yield found
