"""The house rules that a machine can check. Layers are in pyproject.toml (import-linter)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent
APPS = ("accounts", "conversations", "integrations", "notifications")
EDGES = ("views", "viewsets", "consumers", "forms", "api")
BANNED_NAMES = {"utils", "helpers", "common", "misc"}
# Written in halves, since this file obeys the rule too.
REGISTRY_HOSTS = [
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "registry." + "npmjs",
    "jsdelivr" + ".net",
]


def python_files(*directories: str) -> Iterator[Path]:
    for directory in directories or ("chatproject", *APPS):
        for path in sorted((ROOT / directory).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def own_files(directory: str, pattern: str) -> list[Path]:
    files = (ROOT / directory).rglob(pattern)
    return sorted(path for path in files if "vendor" not in path.parts)


def lines_with(pattern: str, paths: Iterator[Path] | list[Path]) -> list[str]:
    expression = re.compile(pattern)
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if expression.search(line)
    ]


def is_edge(path: Path) -> bool:
    return path.stem in EDGES or path.parent.name in EDGES


# --- Names and layout --------------------------------------------------------------------------


def test_a_file_is_named_for_what_is_in_it() -> None:
    files = [*python_files(), *python_files("tests"), *own_files("static", "*.js")]
    assert not [path for path in files if path.stem in BANNED_NAMES]


def test_no_file_names_a_package_registry() -> None:
    suffixes = {".py", ".md", ".txt", ".in", ".toml", ".html", ".css", ".js", ".yml", ""}
    skipped = {".git", ".venv", "var", "vendor", "node_modules", ".mypy_cache", ".ruff_cache"}
    files = [
        path
        for path in ROOT.rglob("*")
        if path.is_file() and path.suffix in suffixes and not skipped & set(path.parts)
    ]
    hosts = "|".join(re.escape(host) for host in REGISTRY_HOSTS)
    found = [path for path in files if re.search(hosts, path.read_text(errors="ignore"))]
    assert not found


# --- Effects -----------------------------------------------------------------------------------


def test_only_realtime_touches_the_channel_layer() -> None:
    allowed = {"realtime.py", "channel_layer.py"}
    files = [path for path in python_files() if path.name not in allowed]
    assert not lines_with(r"get_channel_layer|group_send|group_add", files)


def test_events_are_published_by_broadcasts_only() -> None:
    files = [path for path in python_files() if path.name not in ("broadcasts.py", "realtime.py")]
    assert not lines_with(r"\bpublish(_ephemeral)?\(", files)


def test_no_signals_and_no_overridden_save() -> None:
    assert not lines_with(r"@receiver\b|\bSignal\(", python_files())
    models = [path for path in python_files(*APPS) if "models" in path.with_suffix("").parts]
    assert models
    assert not lines_with(r"def (save|delete)\(self", models)


# --- Access ------------------------------------------------------------------------------------


def test_edges_look_things_up_from_what_is_visible() -> None:
    edges = [path for path in python_files(*APPS) if is_edge(path)]
    assert edges
    assert not lines_with(r"\.objects\.(?!visible_to\(|none\()", edges)


def test_roles_are_compared_in_one_place() -> None:
    files = [path for path in python_files() if path.name != "roles.py"]
    assert not lines_with(r"(==|!=|\bin\b) *[\[({]?Role\.", files)


# --- Python ------------------------------------------------------------------------------------


def test_no_import_hides_in_a_function() -> None:
    hidden = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in python_files()
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not hidden


def test_operations_name_their_arguments_and_the_actor_first() -> None:
    wrong = []
    for path in python_files(*(f"{app}/services" for app in APPS)):
        for function in ast.parse(path.read_text()).body:
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            arguments = [*function.args.args, *function.args.kwonlyargs]
            names = [argument.arg for argument in arguments]
            is_operation = "transaction.atomic" in ast.unparse(function)
            unnamed = bool(function.args.args) or "actor" in names[1:]
            if is_operation and unnamed and not function.name.startswith("_"):
                wrong.append(f"{path.relative_to(ROOT)}: {function.name}({', '.join(names)})")
    assert not wrong


# --- Pages -------------------------------------------------------------------------------------


def test_templates_have_no_inline_script_or_style() -> None:
    templates = own_files("templates", "*.html")
    assert templates
    inline = re.compile(
        r"<script(?![^>]*\b(src|type)=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.I
    )
    tags = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
    assert not [path for path in templates if inline.search(tags.sub("", path.read_text()))]


def test_javascript_imports_end_with_a_semicolon() -> None:
    # Without it the import keeps its unhashed name, and browsers their old file.
    scripts = own_files("static", "*.js")
    assert not lines_with(r"""^\s*(import|export)\b.*['"]\.{0,2}/.*\.js['"](?!;)""", scripts)
    assert not lines_with(r"""^\s*\}? *from +['"].*\.js['"](?!;)""", scripts)


def test_text_enters_the_page_as_text() -> None:
    scripts = own_files("static", "*.js")
    markup = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    assert not lines_with(markup, scripts)


# --- Requirements ------------------------------------------------------------------------------


def pins(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text().splitlines()
    found = (re.match(r"([A-Za-z0-9._-]+)(\[[^]]*\])?==(\S+)", line) for line in lines)
    return {match[1].lower(): match[3] for match in found if match}


def test_tests_run_on_the_versions_that_the_product_runs_on() -> None:
    product, development = pins("requirements.txt"), pins("requirements-dev.txt")
    assert product
    assert {name: development.get(name) for name in product} == product


def test_known_holes_stay_closed() -> None:
    floors = {"daphne": (4, 2, 2), "django": (5, 2, 16), "pyjwt": (2, 12), "pillow": (12, 2)}
    for name, floor in floors.items():
        version = tuple(int(part) for part in pins("requirements.txt")[name].split(".")[:3])
        assert version >= floor, f"{name} {version}"
