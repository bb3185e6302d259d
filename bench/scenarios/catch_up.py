"""Somebody comes back after 1,000 and after 10,000 messages: how long until all are there, by `sync`."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from bench import machine, targets
from bench.measure import measure
from bench.registry import scenario
from bench.results import Row, Verdict
from bench.stage import Bench

# Everybody comes back once: so many for each number.
PEOPLE = 5


@scenario("catch-up", "Catching up: connect, and `sync` until nothing is missing")
def catch_up(bench: Bench) -> Iterator[Row]:
    options = bench.options
    stage = bench.production()
    counts = options.sizes([1_000, 10_000], [1_100])
    people_each = options.size(PEOPLE, 1)
    made = stage.scene("missed", counts=counts, people_each=people_each)
    for server in options.servers:
        with stage.serve(server, cores=[machine.SERVER_CORE]) as running:
            process = running["product"][0]
            watch = {"server": process.pid}
            for count, people in zip(counts, made, strict=True):
                plan = {"people": people, "port": process.port, "missed": count}
                yield _row(server, count, measure("catch_up", plan, watch=watch).result)


def _row(server: str, count: int, result: dict[str, object]) -> Row:
    times = result["times"]
    assert isinstance(times, list)
    figures = {
        "seconds": median(times),
        "slowest": max(times),
        "pages": float(str(result["pages"])),
        "messages/s": count / median(times),
    }
    warnings = ["messages were missing or out of order"] if result["missing"] else []
    verdict = Verdict("seconds", median(times), targets.CATCHING_UP)
    return Row(f"{server}, {count} messages", figures, [verdict], warnings)
