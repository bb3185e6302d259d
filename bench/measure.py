"""Runs a client, and looks at what the watched processes cost while it counts."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bench import machine
from tests.live import ROOT


@dataclass(frozen=True)
class Measured:
    """`cpu`: by process, how much of a core it used (1.0: all). `memory`: of the server, at the beginning."""

    result: dict[str, Any]
    cpu: Mapping[str, float]
    memory: Mapping[str, int]

    @property
    def shares(self) -> dict[str, float]:
        """As columns, in percent of a core."""
        return {f"{name} %": 100 * share for name, share in self.cpu.items()}


def measure(
    client: str,
    plan: Mapping[str, Any],
    *,
    watch: Mapping[str, int],
    cores: set[int] = machine.OTHER_CORES,
    at_begin: Callable[[], object] = lambda: None,
) -> Measured:
    used = dict.fromkeys(watch, 0.0)
    result: dict[str, Any] | None = None
    memory: dict[str, int] = {}
    for line in lines_of(client, plan, cores):
        if line.startswith("{"):
            result = json.loads(line)
        elif line.strip() in ("begin", "end"):
            memory = memory or machine.memory(watch["server"])
            if line.strip() == "begin":
                at_begin()
            sign = 1 if line.strip() == "end" else -1
            for name, pid in watch.items():
                used[name] += sign * machine.cpu_seconds(pid)
    if result is None:
        raise RuntimeError(f"The client {client} failed; what it said is above.")
    seconds = result.get("seconds") or 1.0
    cpu = {name: share / seconds for name, share in used.items()}
    return Measured(result, {**cpu, "client": result.get("client", 0.0)}, memory)


def lines_of(client: str, plan: Mapping[str, Any], cores: set[int]) -> Iterator[str]:
    command = [sys.executable, "-m", "bench.clients", client]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # Ctrl-C is for the bench; it stops its clients.
        start_new_session=True,
    ) as load:
        assert load.stdin is not None and load.stdout is not None
        try:
            machine.pin(load.pid, cores)
            json.dump(plan, load.stdin)
            load.stdin.close()
            yield from load.stdout
        finally:
            load.kill()
