"""Lint, types, layers, templates and the JavaScript tests, as tests among the others."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import Missing

pytestmark = [pytest.mark.once, pytest.mark.timeout(400)]

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent


def passes(*command: str | Path) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, f"{command[0]} says:\n{done.stdout}"


def test_ruff_finds_no_fault() -> None:
    passes(PROGRAMS / "ruff", "check", "--quiet")


def test_the_code_is_formatted() -> None:
    passes(PROGRAMS / "ruff", "format", "--check", "--quiet")


def test_the_types_agree() -> None:
    passes(PROGRAMS / "mypy")


def test_dependencies_point_one_way() -> None:
    passes(PROGRAMS / "lint-imports")


def test_templates_have_no_fault() -> None:
    passes(PROGRAMS / "djlint", "--lint", "--quiet", "templates")


def test_javascript_models_do_what_they_promise() -> None:
    if shutil.which("node") is None:
        raise Missing("Node.js is not installed: run bin/setup --test as root, or install it")
    tests = sorted(str(path) for path in (ROOT / "tests/js").rglob("*.test.js"))
    passes("node", "--test", *tests)
