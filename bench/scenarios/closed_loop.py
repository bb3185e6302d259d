"""1, 50 and 200 senders, each waiting for the acknowledgement; readers on another process, through Redis.

The product is measured before and after what it is compared with: the same consumer without a database, one
message at a time by the ORM, and a bare row's COMMIT.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from bench import commits, targets
from bench.measure import Measured
from bench.registry import scenario
from bench.results import Row, Verdict, ratio
from bench.sending import across, mean_rate, median_of, row, send, twice
from bench.stage import Bench, Running, Stage

CEILING, ONE_BY_ONE = "no database", "one by one"


@scenario("closed-loop", "Closed loop: everybody waits for the acknowledgement, and sends again")
def closed_loop(bench: Bench) -> Iterator[Row]:
    options = bench.options
    alone, *more = options.sizes([1, 50, 200], [1, 4])
    stage = bench.production()
    pairs = stage.pairs(max(alone, *more))
    yield from commits.by_pgbench(stage.database_url, seconds=options.seconds)
    for server in options.servers:
        with stage.serve(server, ["product", CEILING, ONE_BY_ONE]) as running:
            measured = partial(_measure, bench, running, pairs)
            yield from _alone(stage, server, measured)
            for count in more:
                yield from _many(server, count, measured, is_most=count == more[-1])


def _measure(
    bench: Bench,
    running: dict[str, list[Running]],
    pairs: Sequence[Any],
    application: str,
    count: int,
) -> Measured:
    processes = running[application]
    watch = {"server": processes[0].pid, **bench.foundation}
    return send(bench.options, pairs[:count], across(processes), watch=watch)


def _alone(stage: Stage, server: str, measured: Any) -> Iterator[Row]:
    before = measured("product", 1)
    bare = commits.bare_row(stage.database_url, seconds=stage.bench.options.seconds)
    after = measured("product", 1)
    times = ratio((median_of(before) + median_of(after)) / 2, bare)
    yield commits.bare_row_found(bare)
    verdict = Verdict("of a bare row's COMMIT", times, targets.OF_A_BARE_ROW)
    yield twice(f"{server}, 1 sender", before, after, verdict)


def _many(server: str, count: int, measured: Any, *, is_most: bool) -> Iterator[Row]:
    before = measured("product", count)
    ceiling = measured(CEILING, count)
    others = [measured(ONE_BY_ONE, count)] if is_most else []
    after = measured("product", count)
    rate = mean_rate(before, after)
    verdicts = []
    if is_most:
        share = ratio(rate, mean_rate(ceiling))
        verdicts.append(Verdict("of no database", share, targets.OF_THE_CEILING[server]))
    verdicts += [
        Verdict("times one by one", ratio(rate, mean_rate(other)), targets.OF_ONE_BY_ONE)
        for other in others
    ]
    yield twice(f"{server}, {count} senders", before, after, *verdicts)
    yield row(f"{server}, {count}, {CEILING}", ceiling)
    for other in others:
        yield row(f"{server}, {count}, {ONE_BY_ONE}", other)
