"""How the bench judges and tells what it found."""

import json
from pathlib import Path

import pytest

from bench import report
from bench.report import Chapter
from bench.results import Row, Verdict, at_least, at_most, drift
from bench.scenarios.profile import by_function

pytestmark = pytest.mark.once


@pytest.fixture
def chapter() -> Chapter:
    rows = [
        Row("daphne, 200 senders", {"acked/s": 3190.4, "ack ms": 12.34},
            [Verdict("of no database", 0.28, at_least(0.3)), Verdict("times one by one", 31, at_least(10))]),
        Row("daphne, no database", {"acked/s": 11400, "told ms": 0.5}, warnings=["it was a dark night"]),
    ]  # fmt: skip
    return Chapter("closed-loop", "Closed loop", rows)


def test_a_target_is_a_floor_or_a_ceiling() -> None:
    assert Verdict("", 0.3, at_least(0.3)).is_met
    assert not Verdict("", 0.29, at_least(0.3)).is_met
    assert Verdict("", 60, at_most(60)).is_met
    assert not Verdict("", 61, at_most(60)).is_met
    assert Verdict("", 0, at_most(0)).is_met


def test_the_table_has_each_column_once_and_says_what_falls_short(chapter: Chapter) -> None:
    lines = report.table(chapter).splitlines()
    header, rule, first, second = [line for line in lines if line.startswith("|")]
    assert [cell.strip() for cell in header.split("|")[2:-1]] == [
        "acked/s", "ack ms", "told ms", "against the target",
    ]  # fmt: skip
    assert set(rule) == set("|-: ")
    assert "3,190" in first and "12.3" in first
    assert "0.28 of no database (≥ 0.3): SHORT OF IT; 31 times one by one (≥ 10): ok" in first
    assert "11,400" in second
    assert lines[-1] == "! daphne, no database: it was a dark night"
    assert len({len(line) for line in (header, rule, first, second)}) == 1


def test_the_conclusion_names_what_falls_short(chapter: Chapter) -> None:
    said = report.conclusion([chapter])
    assert "1 of 2 targets are met." in said
    assert "daphne, 200 senders: 0.28 of no database" in said
    assert "one by one" not in said


def test_the_stored_figures_carry_their_verdicts(chapter: Chapter, tmp_path: Path) -> None:
    report.store([chapter], {"cores": 2}, tmp_path / "run.json")
    stored = json.loads((tmp_path / "run.json").read_text())
    assert stored["machine"] == {"cores": 2}
    [row, _other] = stored["scenarios"][0]["rows"]
    assert row["figures"]["acked/s"] == 3190.4
    assert row["verdicts"][0] == {
        "about": "of no database", "value": 0.28, "target": "≥ 0.3", "isMet": False,
    }  # fmt: skip


def test_drift_is_the_distance_of_two_measurements_of_the_same() -> None:
    assert drift(100, 100) == 0
    assert drift(100, 80) == drift(80, 100) == 20
    assert drift(0, 0) == 0


def test_a_profile_is_summed_up_by_function() -> None:
    stacks = [
        "run (/x/asyncio/base.py:10);send (/x/conversations/writer.py:74);dumps (orjson/__init__.py:1) 3",
        "run (/x/asyncio/base.py:11);send (/x/conversations/writer.py:80) 1",
    ]
    rows = {row.name: row.figures for row in by_function(stacks)}
    assert rows["run (asyncio/base.py)"] == {"itself %": 0, "whole %": 100}
    assert rows["send (conversations/writer.py)"] == {"itself %": 25, "whole %": 100}
    assert rows["dumps (orjson/__init__.py)"] == {"itself %": 75, "whole %": 75}
