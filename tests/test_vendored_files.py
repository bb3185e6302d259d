"""What we took from others is what its manifest says, with its licence beside it."""

import hashlib
import json
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"


def test_every_vendored_file_is_the_one_in_the_manifest():
    manifest = json.loads((VENDOR / "manifest.json").read_text())
    promised = {name: sha for entry in manifest.values() for name, sha in entry["files"].items()}
    found = {
        str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert found == promised
    assert all(any("LICENSE" in name for name in entry["files"]) for entry in manifest.values())


def test_every_icon_that_a_template_names_is_in_the_sprite():
    sprite = (VENDOR / "lucide" / "sprite.svg").read_text()
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    named = {
        name
        for template in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r'_icon\.html" with name="([\w-]+)"', template.read_text())
    }
    assert named
    assert named <= drawn
