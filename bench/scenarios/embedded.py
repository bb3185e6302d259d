"""SQLite, one process, nothing else: against one message at a time, and and readers and writers mixed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from bench import machine, targets
from bench.asking import conversation_list, page
from bench.measure import Measured
from bench.registry import scenario
from bench.results import Row, Verdict, ratio
from bench.sending import across, mean_rate, row, send, twice
from bench.stage import Bench, Running, Stage

ONE_BY_ONE = "one by one"
LOCKED = "database is locked"
# Clients who ask for pages while others write.
READERS = 8


@scenario("embedded", "Embedded: SQLite that waits for the disk, in one process")
def embedded(bench: Bench) -> Iterator[Row]:
    stage = bench.embedded()
    pairs = stage.pairs(bench.options.size(50, 4))
    for server in bench.options.servers:
        with stage.serve(server, ["product", ONE_BY_ONE], cores=[machine.SERVER_CORE]) as running:
            yield from _compare(bench, server, pairs, running)
    with stage.serve(bench.options.servers[0], cores=[machine.SERVER_CORE]) as running:
        yield _mixed(bench, stage, pairs, running["product"][0])


def _compare(
    bench: Bench, server: str, pairs: Sequence[Any], running: dict[str, list[Running]]
) -> Iterator[Row]:
    def measured(application: str) -> Measured:
        processes = running[application]
        watch = {"server": processes[0].pid}
        return send(bench.options, pairs, across(processes), watch=watch)

    before, other, after = measured("product"), measured(ONE_BY_ONE), measured("product")
    times = ratio(mean_rate(before, after), mean_rate(other))
    name = f"{server}, {len(pairs)} senders"
    verdict = Verdict("times one by one", times, targets.OF_ONE_BY_ONE_EMBEDDED)
    yield twice(name, before, after, verdict)
    yield row(f"{name}, {ONE_BY_ONE}", other)


def _mixed(bench: Bench, stage: Stage, pairs: Sequence[Any], process: Running) -> Row:
    """Everybody writes, marks as read, and asks for pages. SQLite has one writer: who finds it locked?"""
    options = replace(bench.options, seconds=bench.options.mixed)
    places = [{**pair, "token": pair["reader"]} for pair in pairs]
    requests = [page(place) for place in places]
    requests += [conversation_list(place["token"]) for place in places]
    more: dict[str, Any] = {"port": process.port, "requests": requests, "clients": READERS}
    ports = [(process.port, process.port)]
    watch = {"server": process.pid}
    measured = send(options, pairs, ports, watch=watch, client="mixed", **more)
    pages = measured.result["pages"]
    locked = process.process.log.read_text(errors="replace").count(LOCKED)
    locked += str(measured.result["errors"] + pages["errors"]).count(LOCKED)
    found = row(
        f"embedded, mixed for {options.seconds:.0f} s",
        measured,
        Verdict(f"times '{LOCKED}'", locked, targets.NONE),
        Verdict("errors", measured.result["error_count"] + pages["error_count"], targets.NONE),
    )
    found.figures = {**found.figures, "pages/s": pages["requests_per_second"]}
    return found
