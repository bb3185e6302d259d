"""What the disk and PostgreSQL allow by themselves: one row, one COMMIT, and again."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import quantiles
from time import perf_counter
from typing import Any

import psycopg

from bench import report

SECONDS = 2.0


def measure(url: str) -> Iterator[dict[str, Any]]:
    times = []
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS bench_row (id bigserial, content text)")
        end = perf_counter() + SECONDS
        while (begin := perf_counter()) < end:
            connection.execute("INSERT INTO bench_row (content) VALUES (%s)", ["x" * 60])
            times.append(perf_counter() - begin)
    cuts = quantiles(times, n=100)
    done = {
        "database": "postgresql",
        "server": "psycopg",
        "application": "one bare row",
        "senders": 1,
        "acknowledged_per_second": len(times) / SECONDS,
        "acknowledged_ms": {"median": cuts[49] * 1000, "p99": cuts[98] * 1000},
    }
    print(report.line(done), flush=True)
    yield done
