"""Run by bin/contracts: writes down how we are spoken to, now and as it was released."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chatproject.asyncapi import asyncapi_document
from chatproject.contracts import openapi_document
from chatproject.schema import CONTRACT_VERSION
from tests.typescript import declarations

DIRECTORY = Path(__file__).resolve().parent.parent / "docs" / "contracts"
RELEASED = DIRECTORY / "released"
DOCUMENTS: dict[str, Callable[[], dict[str, Any]]] = {
    "openapi.json": openapi_document,
    "asyncapi.json": asyncapi_document,
}
TYPES = "parley.d.ts"


def main() -> None:
    for name, document in DOCUMENTS.items():
        (DIRECTORY / name).write_text(text_of(document()))
    (DIRECTORY / TYPES).write_text(declarations(asyncapi_document()))
    if sys.argv[1:] == ["--release"]:
        release()


def release() -> None:
    """What is promised from now on. A version that was released once does not change."""
    target = RELEASED / CONTRACT_VERSION
    if target.exists():
        sys.exit(
            f"{CONTRACT_VERSION} was released: raise CONTRACT_VERSION in chatproject/schema.py."
        )
    target.mkdir(parents=True)
    for name in DOCUMENTS:
        shutil.copy(DIRECTORY / name, target / name)


def last_released() -> Path:
    return max(RELEASED.iterdir(), key=lambda each: [int(part) for part in each.name.split(".")])


def text_of(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False, default=str) + "\n"
