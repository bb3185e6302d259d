"""Each scenario at its smallest: whether it measures, not how fast anything is."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bench import report
from bench.__main__ import measure, publish
from bench.registry import SCENARIOS
from bench.report import Chapter
from bench.stage import Bench

# What is to be expected where a handful of people write for a third of a second.
EXPECTED = ("the client cost more than the server", "the server did not keep up")

# Not all of them: each starts servers of its own. Between them these use everything that the others do.
USUAL = [SCENARIOS[name] for name in ("closed-loop",)]


@pytest.mark.live
def test_each_scenario_measures_and_loses_nothing(
    bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chapters = list(measure(USUAL, bench))
    assert [chapter.name for chapter in chapters] == [scenario.name for scenario in USUAL]
    for row in (row for chapter in chapters for row in chapter.rows):
        assert not [warning for warning in row.warnings if warning not in EXPECTED], row
    for chapter in chapters:
        assert any(rate > 0 for rate in rates_of(chapter)), chapter
    publish(chapters, {"cores": 2}, tmp_path)
    said = capsys.readouterr().out
    assert all(report.table(chapter) in said for chapter in chapters)
    [figures] = tmp_path.glob("*.json")
    stored = json.loads(figures.read_text())["scenarios"]
    assert [each["name"] for each in stored] == [scenario.name for scenario in USUAL]
    [picture] = tmp_path.glob("*.svg")
    assert ElementTree.parse(picture).getroot().tag.endswith("svg")


def rates_of(chapter: Chapter) -> list[float]:
    """Not of each row: on a busy machine nothing may be answered within a moment."""
    named = [figure for row in chapter.rows for figure in row.figures.items()]
    return [value for name, value in named if name.endswith("/s") or chapter.name == "idle"]
