"""The figures: a table for people, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.results import Row, Verdict

INDENT = "  "


@dataclass
class Chapter:
    """What one scenario found."""

    name: str
    title: str
    rows: list[Row] = field(default_factory=list)

    @property
    def verdicts(self) -> list[tuple[Row, Verdict]]:
        return [(row, verdict) for row in self.rows for verdict in row.verdicts]


def table(chapter: Chapter) -> str:
    """In Markdown, aligned, so that it can be read here and pasted there."""
    columns = list(dict.fromkeys(name for row in chapter.rows for name in row.figures))
    lines = [["", *columns, "against the target"]]
    for row in chapter.rows:
        figures = [shown(row.figures.get(name)) for name in columns]
        lines.append([row.name, *figures, "; ".join(map(str, row.verdicts))])
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    rule = ["-" * width if at in (0, len(widths) - 1) else "-" * (width - 1) + ":"
            for at, width in enumerate(widths)]  # fmt: skip
    text = [aligned(line, widths) for line in (lines[0], rule, *lines[1:])]
    warnings = [f"! {row.name}: {warning}" for row in chapter.rows for warning in row.warnings]
    return "\n".join([f"\n### {chapter.title}\n", *text, *([""] if warnings else []), *warnings])


def aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    last = len(cells) - 1
    padded = [
        cell.ljust(width) if at in (0, last) else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return f"| {' | '.join(padded)} |"


def shown(value: float | None) -> str:
    if value is None:
        return ""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def conclusion(chapters: Sequence[Chapter]) -> str:
    judged = [each for chapter in chapters for each in chapter.verdicts]
    short = [f"{INDENT}{row.name}: {verdict}" for row, verdict in judged if not verdict.is_met]
    met = len(judged) - len(short)
    return "\n".join([f"\n{met} of {len(judged)} targets are met.", *short])


def store(chapters: Sequence[Chapter], machine: dict[str, Any], path: Path) -> None:
    """Verdicts with their word, so that whoever reads the file need not know the targets."""
    found = [
        {
            "name": chapter.name,
            "title": chapter.title,
            "rows": [
                {**asdict(row), "verdicts": [judged(verdict) for verdict in row.verdicts]}
                for row in chapter.rows
            ],
        }
        for chapter in chapters
    ]
    path.write_text(json.dumps({"machine": machine, "scenarios": found}, indent=1))


def judged(verdict: Verdict) -> dict[str, Any]:
    return {
        "about": verdict.about,
        "value": verdict.value,
        "target": str(verdict.target),
        "isMet": verdict.is_met,
    }
