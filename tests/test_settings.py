"""Production refuses to start unsafe; a proper environment passes Django's own deployment check."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from dotenv import dotenv_values

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent
SAFE = {
    "DEBUG": "false",
    "SECRET_KEY": secrets.token_urlsafe(60),
    "SITE_URL": "https://chat.example.org",
}


def manage(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "ENV_FILE": os.devnull}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_proper_environment_passes_the_deployment_check(tmp_path) -> None:
    done = manage(tmp_path, "check", "--deploy", "--fail-level=WARNING", **SAFE)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_the_example_environment_is_a_proper_one(tmp_path) -> None:
    example = dotenv_values(ROOT / ".env.example")
    environment = {name: value or "" for name, value in example.items()}
    assert "Set SECRET_KEY" in manage(tmp_path, "check", **environment).stderr
    environment["SECRET_KEY"] = SAFE["SECRET_KEY"]
    done = manage(tmp_path, "check", "--deploy", "--fail-level=WARNING", **environment)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"DEBUG": "true", "ALLOWED_HOSTS": "chat.example.org"}, "DEBUG is for this machine"),
        ({"DEBUG": "true", "ALLOWED_HOSTS": "*"}, "DEBUG is for this machine"),
        ({"SECRET_KEY": "short"}, "Set SECRET_KEY"),
        ({"SECRET_KEY": ""}, "Set SECRET_KEY"),
        ({"ALLOWED_HOSTS": "*"}, "Set SITE_URL"),
        ({"ALLOWED_HOSTS": ""}, "Set SITE_URL"),
        ({"SITE_URL": ""}, "Set SITE_URL"),
        ({"SITE_URL": "http://chat.example.org"}, "must begin with https"),
    ],
)
def test_production_refuses_to_start(tmp_path, change, complaint) -> None:
    done = manage(tmp_path, "check", **{**SAFE, **change})
    assert done.returncode != 0
    assert complaint in done.stderr


def test_production_refuses_to_start_with_the_key_of_development(tmp_path) -> None:
    environment = {name: value for name, value in SAFE.items() if name != "SECRET_KEY"}
    done = manage(tmp_path, "check", **environment)
    assert done.returncode != 0
    assert "Set SECRET_KEY" in done.stderr


def test_development_starts_without_any_environment(tmp_path) -> None:
    assert manage(tmp_path, "check").returncode == 0


def test_the_models_and_their_migrations_agree(tmp_path) -> None:
    done = manage(tmp_path, "makemigrations", "--check", "--dry-run")
    assert done.returncode == 0, done.stdout


def test_static_files_get_names_that_change_with_their_content(tmp_path) -> None:
    assert manage(tmp_path, "collectstatic", "--no-input", **SAFE).returncode == 0
    modules = [*tmp_path.glob("static/js/**/*.js")]
    hashed = [path for path in modules if path.name.count(".") == 2]
    assert len(hashed) * 2 == len(modules)
    for path in hashed:
        for line in path.read_text().splitlines():
            if line.startswith(("import ", "export * from", "} from")) and ".js" in line:
                assert line.count(".") >= 3, f"{path}: {line} names a file without its hash"
