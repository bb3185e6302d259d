"""Requests by REST: a measurement of them, and what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bench.measure import Measured, measure
from bench.options import Options
from bench.table import Table

Request = Mapping[str, Any]


def ask(
    options: Options,
    requests: Sequence[Request],
    *,
    port: int,
    clients: int,
    watch: Mapping[str, int],
) -> Measured:
    plan = {
        "port": port,
        "clients": clients,
        "requests": requests,
        "warm_up": options.warm_up,
        "seconds": options.seconds,
    }
    return measure("requests", plan, watch=watch)


def page(place: Mapping[str, Any], *, before: int | None = None) -> Request:
    path = f"/api/chat/conversations/{place['conversation']}/messages?limit=50"
    at = "" if before is None else f"&before={before}"
    return {"path": path + at, "token": place["token"]}


def conversation_list(token: str, *, limit: int = 50) -> Request:
    return {"path": f"/api/chat/conversations?limit={limit}", "token": token}


def post(place: Mapping[str, Any], content: str) -> Request:
    path = f"/api/chat/conversations/{place['conversation']}/messages"
    return {"path": path, "token": place["token"], "content": content}


def rate_of(measured: Measured) -> float:
    return float(measured.result["requests_per_second"])


def median_of(measured: Measured) -> float:
    return float(measured.result["answered_ms"].get("median", 0))


def figures_of(measured: Measured) -> dict[str, float]:
    return {
        "requests/s": rate_of(measured),
        "median ms": median_of(measured),
        "p99 ms": measured.result["answered_ms"].get("p99", 0),
        "server µs": 1e6 * measured.cpu["server"] / max(rate_of(measured), 1),
        **measured.shares,
    }


TABLE = Table(rate_of, figures_of, warnings_of=lambda measured: [])
row, twice = TABLE.row, TABLE.twice
