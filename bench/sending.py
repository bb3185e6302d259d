"""Pairs of people who write and read: a measurement of them, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bench import machine
from bench.measure import Measured, measure
from bench.options import Options
from bench.stage import Running
from bench.table import Table


def across(running: Sequence[Running]) -> list[tuple[int, int]]:
    """Senders on the first process, readers on the last."""
    return [(running[0].port, running[-1].port)]


def send(
    options: Options,
    pairs: Sequence[Mapping[str, Any]],
    ports: Sequence[tuple[int, int]],
    *,
    watch: Mapping[str, int],
    client: str = "closed_loop",
    cores: set[int] = machine.OTHER_CORES,
    at_begin: Callable[[], object] = lambda: None,
    **more: Any,
) -> Measured:
    plan = {
        "pairs": pairs,
        "ports": ports,
        "warm_up": options.warm_up,
        "seconds": options.seconds,
        **more,
    }
    return measure(client, plan, watch=watch, cores=cores, at_begin=at_begin)


def rate_of(measured: Measured) -> float:
    return float(measured.result["acknowledged_per_second"])


def median_of(measured: Measured) -> float:
    return float(measured.result["acknowledged_ms"].get("median", 0))


def figures_of(measured: Measured) -> dict[str, float]:
    result, cpu = measured.result, measured.cpu
    return {
        "acked/s": rate_of(measured),
        "ack ms": median_of(measured),
        "ack p99": result["acknowledged_ms"].get("p99", 0),
        "told ms": result["delivered_ms"].get("median", 0),
        "told p99": result["delivered_ms"].get("p99", 0),
        "server µs": 1e6 * cpu["server"] / max(rate_of(measured), 1),
        **measured.shares,
        "lost": result["lost"],
    }


def warnings_of(measured: Measured) -> list[str]:
    return [
        f"{measured.result[name]} {words}"
        for name, words in (
            ("lost", "messages were acknowledged and not delivered"),
            ("unanswered", "messages got no answer"),
            ("disordered", "readers saw messages out of order"),
        )
        if measured.result[name]
    ]


TABLE = Table(rate_of, figures_of, warnings_of)
row, twice = TABLE.row, TABLE.twice


def mean_rate(*measured: Measured) -> float:
    return sum(map(rate_of, measured)) / len(measured)
