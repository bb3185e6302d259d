"""The time that counts, between a warm-up and the end, and what the client itself cost meanwhile."""

from __future__ import annotations

import asyncio
import gc
import resource
from dataclasses import dataclass
from statistics import quantiles
from time import perf_counter


@dataclass
class Period:
    warm_up: float
    seconds: float
    begin: float = float("inf")
    end: float = float("inf")
    cpu: float = 0.0

    async def pass_by(self) -> None:
        """Tells the parent process when it begins and ends, which looks at the servers then."""
        gc.freeze()
        gc.disable()
        await asyncio.sleep(self.warm_up)
        print("begin", flush=True)
        self.cpu, self.begin = -cpu_time(), perf_counter()
        await asyncio.sleep(self.seconds)
        # Who is busy wakes up late: what happened until now counts.
        self.end = perf_counter()
        self.cpu += cpu_time()
        print("end", flush=True)
        gc.enable()

    def includes(self, now: float) -> bool:
        return self.begin <= now < self.end

    @property
    def is_over(self) -> bool:
        return self.end < float("inf")

    @property
    def length(self) -> float:
        return self.end - self.begin

    def summary(self) -> dict[str, float]:
        return {"seconds": self.length, "client": self.cpu / self.length}


def spread(times: list[float]) -> dict[str, float]:
    """In milliseconds."""
    if not times:
        return {}
    if len(times) == 1:
        times = times * 2
    cuts = quantiles(times, n=100, method="inclusive")
    return {"median": cuts[49] * 1000, "p99": cuts[98] * 1000, "most": max(times) * 1000}


def cpu_time() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
