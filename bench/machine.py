"""What runs where, and what it costs: processes on their cores, and their CPU time."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
CORES = sorted(os.sched_getaffinity(0))
# The server that is measured has a core to itself; everything else shares the others.
SERVER_CORE = {CORES[0]}
OTHER_CORES = set(CORES[1:]) or SERVER_CORE


def pin(pid: int, cores: set[int]) -> None:
    for one in [pid, *children(pid)]:
        for task in Path(f"/proc/{one}/task").iterdir():
            # Threads come and go.
            with contextlib.suppress(ProcessLookupError):
                os.sched_setaffinity(int(task.name), cores)


def cpu_seconds(pid: int) -> float:
    """Of the process and its children that live."""
    return sum(_cpu_ticks(one) for one in [pid, *children(pid)]) / TICKS


def children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


def _cpu_ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        # A backend that ended meanwhile.
        return 0
    return int(fields[11]) + int(fields[12])
