"""Rows of a table: what measurements of one kind say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bench.measure import Measured
from bench.results import Row, Verdict, drift, mean


@dataclass(frozen=True)
class Table:
    rate_of: Callable[[Measured], float]
    figures_of: Callable[[Measured], dict[str, float]]
    warnings_of: Callable[[Measured], list[str]]

    def row(self, name: str, measured: Measured, *verdicts: Verdict) -> Row:
        warnings = [*self.warnings_of(measured), *_warnings_of(measured)]
        return Row(name, self.figures_of(measured), list(verdicts), warnings)

    def twice(self, name: str, before: Measured, after: Measured, *verdicts: Verdict) -> Row:
        """Measured before and after what it is compared with: their mean, and how far apart they are."""
        first, last = self.row(name, before), self.row(name, after)
        figures = mean(first.figures, last.figures)
        figures["drift %"] = drift(self.rate_of(before), self.rate_of(after))
        warnings = list(dict.fromkeys([*first.warnings, *last.warnings]))
        return Row(name, figures, list(verdicts), warnings)


def _warnings_of(measured: Measured) -> list[str]:
    result, cpu = measured.result, measured.cpu
    found = []
    if result["errors"]:
        found.append(f"{result['error_count']} errors, the first: {result['errors'][0]}")
    if cpu["client"] > cpu["server"]:
        found.append("the client cost more than the server")
    return found
