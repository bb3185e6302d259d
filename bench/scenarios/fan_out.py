"""One writes into a group on one process; all members are online on the other, which is measured."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench import targets
from bench.measure import Measured, measure
from bench.registry import scenario
from bench.results import Row, Verdict
from bench.stage import Bench, Running

# Until all members have been told of each other's coming, in seconds for each: a thousand who come at once
# are a million events by themselves.
SETTLING = 0.03


@scenario("fan-out", "Fan-out: one writes, a whole group is online on another process")
def fan_out(bench: Bench) -> Iterator[Row]:
    options = bench.options
    stage = bench.production()
    groups = stage.scene("groups", sizes=options.sizes([100, 1000], [10]))
    for server in options.servers:
        with stage.serve(server) as running:
            for group in groups:
                measured = _measure(bench, running["product"], group)
                is_largest = group is groups[-1]
                yield _row(server, measured, members=len(group["members"]), is_judged=is_largest)


def _measure(bench: Bench, processes: list[Running], group: dict[str, Any]) -> Measured:
    delivering, sending = processes
    settling = 0 if bench.options.smallest else SETTLING * len(group["members"])
    plan = {
        **group,
        "members_port": delivering.port,
        "senders_port": sending.port,
        "warm_up": bench.options.warm_up + settling,
        "seconds": bench.options.seconds,
    }
    watch = {"server": delivering.pid, "sending server": sending.pid, **bench.foundation}
    return measure("fan_out", plan, watch=watch)


def _row(server: str, measured: Measured, *, members: int, is_judged: bool) -> Row:
    result, cpu = measured.result, measured.cpu
    each = 1e6 * cpu["server"] / max(result["delivered_per_second"], 1)
    figures = {
        "delivered/s": result["delivered_per_second"],
        "server µs": each,
        "last has it ms": result["delivered_ms"].get("median", 0),
        **measured.shares,
        "lost": result["lost"],
    }
    warnings = []
    if result["lost"] or result["disordered"]:
        warnings.append(f"{result['lost']} sockets lost, {result['disordered']} out of order")
    if cpu["client"] > cpu["server"]:
        warnings.append("the client cost more than the server")
    verdict = Verdict("µs for each event", each, targets.DELIVERY[server])
    return Row(f"{server}, {members} members", figures, [verdict] if is_judged else [], warnings)
