"""What runs where and what it costs, and what else the machine was doing."""

from __future__ import annotations

import contextlib
import os
import platform
from pathlib import Path
from typing import Any

TICKS = os.sysconf("SC_CLK_TCK")
CORES = sorted(os.sched_getaffinity(0))
# The server that is measured has a core to itself; everything else shares the others.
SERVER_CORE = {CORES[0]}
OTHER_CORES = set(CORES[1:]) or SERVER_CORE
ALL_CORES = set(CORES)


def pin(pid: int, cores: set[int]) -> None:
    for one in [pid, *children(pid)]:
        # Processes and threads come and go.
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            for task in Path(f"/proc/{one}/task").iterdir():
                os.sched_setaffinity(int(task.name), cores)


def cpu_seconds(pid: int) -> float:
    """Of the process and its children, also of those that have ended."""
    own = cpu_ticks(pid)
    return (sum(own) + sum(sum(cpu_ticks(child)[:2]) for child in children(pid))) / TICKS


def cpu_ticks(pid: int) -> list[int]:
    """In user and system mode; and the same of its children that it has buried."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        # A backend that ended meanwhile.
        return [0, 0, 0, 0]
    return [int(field) for field in fields[11:15]]


def children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


def memory(pid: int) -> dict[str, int]:
    """In bytes: resident, and its share of what it shares with others (`rss`, `pss`)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    sizes = {
        name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)
    }
    return {"rss": sizes["Rss"] * 1024, "pss": sizes["Pss"] * 1024}


class Mood:
    """What the neighbours took, from now on: in every figure of a run."""

    def __init__(self) -> None:
        self.load = os.getloadavg()[0]
        self._begin = processor_ticks()

    def stolen(self) -> float:
        """The share of all time that the machine's owner gave to somebody else."""
        passed = [now - then for now, then in zip(processor_ticks(), self._begin, strict=True)]
        return passed[7] / max(sum(passed), 1)


def processor_ticks() -> list[int]:
    return [int(field) for field in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]


def description() -> dict[str, Any]:
    models = [
        line for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line
    ]
    return {
        "processor": models[0].partition(":")[2].strip() if models else platform.machine(),
        "cores": len(CORES),
        "system": platform.platform(),
        "python": platform.python_version(),
    }
