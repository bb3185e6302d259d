"""Each figure that has a target, as a share of it: a bar beyond the line at 1 keeps its promise."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.report import Chapter
from bench.results import Verdict

MET, SHORT = "#1a7f5a", "#c7533a"
# Longer bars than this say nothing more.
MOST = 4.0
ROW_HEIGHT = 26


def store(chapters: Sequence[Chapter], path: Path) -> None:
    judged = [(chapter, *each) for chapter in chapters for each in chapter.verdicts]
    if not judged:
        return
    # Not before it is needed: it puts an import hook in place at which pytest's collection fails.
    import pygal
    from pygal.style import LightGreenStyle

    chart = pygal.HorizontalBar(
        title="How far beyond its target (1 = just met)",
        style=LightGreenStyle(font_family="system-ui, sans-serif", label_font_size=11),
        # Nothing is fetched from elsewhere.
        js=[],
        show_legend=False,
        width=1100,
        height=120 + ROW_HEIGHT * len(judged),
        range=(0, MOST),
    )
    # The first one is drawn at the bottom.
    judged.reverse()
    chart.x_labels = [
        f"{chapter.name}, {row.name}: {verdict.value:.3g} {verdict.about} ({verdict.target})"
        for chapter, row, verdict in judged
    ]
    chart.add("", [bar(verdict) for _chapter, _row, verdict in judged])
    chart.render_to_file(str(path))


def bar(verdict: Verdict) -> dict[str, object]:
    value, bound = verdict.value, verdict.target.bound
    share = value / bound if verdict.target.is_floor else bound / max(value, 1e-9)
    if not bound:
        share = 1.0 if verdict.is_met else 0.0
    return {
        "value": min(share, MOST),
        "color": MET if verdict.is_met else SHORT,
    }
