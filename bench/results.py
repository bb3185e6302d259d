"""What a scenario finds: rows of figures, some of them against a target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Target:
    bound: float
    is_floor: bool

    def is_met_by(self, value: float) -> bool:
        return value >= self.bound if self.is_floor else value <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.is_floor else '≤'} {self.bound:g}"


def at_least(bound: float) -> Target:
    return Target(bound, is_floor=True)


def at_most(bound: float) -> Target:
    return Target(bound, is_floor=False)


@dataclass(frozen=True)
class Verdict:
    """A figure, or the ratio of two from the same run, and what it should be."""

    about: str
    value: float
    target: Target

    @property
    def is_met(self) -> bool:
        return self.target.is_met_by(self.value)

    def __str__(self) -> str:
        word = "ok" if self.is_met else "SHORT OF IT"
        return f"{self.value:.3g} {self.about} ({self.target}): {word}"


@dataclass
class Row:
    """`figures` by column; a column's name says the unit."""

    name: str
    figures: Mapping[str, float]
    verdicts: list[Verdict] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def ratio(value: float, other: float) -> float:
    """Of the first to the second, which may have been too slow to be measured at all."""
    return value / other if other else float("inf")


def mean(first: Mapping[str, float], second: Mapping[str, float]) -> dict[str, float]:
    """Of the same thing, measured before and after another."""
    return {name: (first[name] + second[name]) / 2 for name in first if name in second}


def drift(first: float, second: float) -> float:
    """How much the machine's mood changed between two measurements of the same thing, in percent."""
    return 100 * abs(first - second) / max(first, second, 1e-9)
