from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import IO, Any, TypeVar

from django.db.models.fields.files import FieldFile
from django.template.loader import render_to_string

from chatproject.json import WireJSONRenderer

Item = TypeVar("Item")

ITEMS_ON_A_PAGE = 1000
STYLE = Path(__file__).with_name("style.css")


class Archive(zipfile.ZipFile):
    """Written from front to back, one entry at a time."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self.write(STYLE, "style.css")

    def json(self, name: str, value: Any) -> None:
        self.writestr(name, _encoded(value))

    def json_list(self, name: str, items: Iterable[Any]) -> None:
        """However long it is, only one item of it is in memory."""
        with self.open(name, "w", force_zip64=True) as entry:
            separator = b"["
            for item in items:
                entry.write(separator + _encoded(item))
                separator = b",\n"
            entry.write(b"[]" if separator == b"[" else b"]")

    def page(self, name: str, template: str, context: dict[str, Any]) -> None:
        self.writestr(name, render_to_string(template, {"root": _way_up(name), **context}))

    def pages(
        self,
        folder: str,
        template: str,
        items: Iterable[Item],
        context_of: Callable[[list[Item]], dict[str, Any]],
    ) -> int:
        """1.html, 2.html … of what a browser can show at once; one also where there is nothing. Returns
        how many items there were."""
        rest = iter(items)
        shown, number, total = list(islice(rest, ITEMS_ON_A_PAGE)), 1, 0
        while shown or number == 1:
            following = list(islice(rest, ITEMS_ON_A_PAGE))
            neighbours = {
                "previous": f"{number - 1}.html" if number > 1 else "",
                "next": f"{number + 1}.html" if following else "",
            }
            self.page(f"{folder}{number}.html", template, {**context_of(shown), **neighbours})
            total += len(shown)
            shown, number = following, number + 1
        return total

    def picture(self, name: str, picture: FieldFile) -> None:
        """Stored as it is; one that is missing on the disk is no reason to give nothing at all."""
        if not picture.name or not picture.storage.exists(picture.name):
            return
        with picture.open() as source, self.open(name, "w") as entry:
            shutil.copyfileobj(source, entry)


def _encoded(value: Any) -> bytes:
    return WireJSONRenderer().render(value)


def _way_up(name: str) -> str:
    return "../" * name.count("/")
