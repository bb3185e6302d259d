"""200 senders and their readers on one server process, and over two, each reader away from their sender.

Nobody is pinned here: servers, PostgreSQL, Redis and the load share the machine's cores as they do in life.
"""

from __future__ import annotations

from collections.abc import Iterator

from bench import machine, targets
from bench.measure import Measured
from bench.registry import scenario
from bench.results import Row, Verdict, ratio
from bench.sending import mean_rate, row, send, twice
from bench.stage import Bench


@scenario("two-processes", "Two server processes against one")
def two_processes(bench: Bench) -> Iterator[Row]:
    options = bench.options
    stage = bench.production()
    pairs = stage.pairs(options.size(200, 4))
    for server in options.servers:
        with stage.serve(server, cores=[machine.ALL_CORES, machine.ALL_CORES]) as running:
            one, other = running["product"]
            watch = {"server": one.pid, "second server": other.pid, **bench.foundation}

            def measured(*ports: tuple[int, int], watch: dict[str, int] = watch) -> Measured:
                return send(options, pairs, ports, watch=watch, cores=machine.ALL_CORES)

            alone = (one.port, one.port)
            before = measured(alone)
            both = measured((one.port, other.port), (other.port, one.port))
            after = measured(alone)
        times = ratio(mean_rate(both), mean_rate(before, after))
        yield twice(f"{server}, one process", before, after)
        verdict = Verdict("of one process", times, targets.OF_ONE_PROCESS)
        yield row(f"{server}, two processes", both, verdict)
