"""The scenarios, by name, in the order in which they run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.results import Row
from bench.stage import Bench


@dataclass(frozen=True)
class Scenario:
    name: str
    title: str
    measure: Callable[[Bench], Iterator[Row]]
    # Runs only when asked for by name.
    on_request: bool = False


SCENARIOS: dict[str, Scenario] = {}
Measure = Callable[[Bench], Iterator[Row]]


def scenario(name: str, title: str, *, on_request: bool = False) -> Callable[[Measure], Measure]:
    def register(measure: Measure) -> Measure:
        if name in SCENARIOS:
            raise ValueError(f"There are two scenarios called {name}.")
        SCENARIOS[name] = Scenario(name, title, measure, on_request)
        return measure

    return register
