"""What the disk and PostgreSQL allow by themselves: one row, one COMMIT, and again."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from statistics import median
from time import perf_counter

import psycopg

from bench import machine
from bench.results import Row
from tests.servers import postgresql_programs

TABLE = "CREATE TABLE IF NOT EXISTS bench_row (id bigserial, content text)"
INSERT = "INSERT INTO bench_row (content) VALUES ('{}')".format("x" * 60)
CLIENTS = (1, 16)


def bare_row(url: str, *, seconds: float) -> float:
    """The median of one INSERT by psycopg with its COMMIT, in milliseconds, on the server's core."""
    times = []
    os.sched_setaffinity(0, machine.SERVER_CORE)
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(TABLE)
            end = perf_counter() + seconds
            while (begin := perf_counter()) < end:
                connection.execute(INSERT)
                times.append(perf_counter() - begin)
    finally:
        os.sched_setaffinity(0, machine.ALL_CORES)
    return 1000 * median(times)


def bare_row_found(milliseconds: float) -> Row:
    return Row("a bare row by psycopg", {"acked/s": 1000 / milliseconds, "ack ms": milliseconds})


def by_pgbench(url: str, *, seconds: float) -> Iterator[Row]:
    """The rate of single-row commits, where pgbench is installed."""
    program = which("pgbench") or str(postgresql_programs() / "pgbench")
    if not Path(program).exists():
        return
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLE)
    for clients in CLIENTS if seconds >= 1 else CLIENTS[:1]:
        rate, latency = _pgbench(program, url, clients, seconds)
        yield Row(f"pgbench, {clients} clients", {"acked/s": rate, "ack ms": latency})


def _pgbench(program: str, url: str, clients: int, seconds: float) -> tuple[float, float]:
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(f"{INSERT};\n")
        script.flush()
        command = [program, "-n", "-M", "prepared", "-f", script.name, "-c", str(clients)]
        command += ["-T", str(max(1, round(seconds))), url]
        said = subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=60
        ).stdout
    rate = re.search(r"tps = ([\d.]+)", said)
    latency = re.search(r"latency average = ([\d.]+) ms", said)
    if rate is None or latency is None:
        raise RuntimeError(f"pgbench says:\n{said}")
    return float(rate[1]), float(latency[1])
