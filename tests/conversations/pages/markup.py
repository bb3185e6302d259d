"""What tests look for in a page."""

import re
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse, HttpResponseBase

VOID = {"img", "input", "link", "meta", "br", "hr"}


class Element:
    def __init__(self, tag: str, attributes: dict[str, str], parent: "Element | None") -> None:
        self.tag = tag
        self.attributes = attributes
        self.parent = parent
        self.children: list[Element | str] = []

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def __contains__(self, name: str) -> bool:
        return name in self.attributes

    @property
    def text(self) -> str:
        parts = (child if isinstance(child, str) else child.text for child in self.children)
        return re.sub(r"\s+", " ", "".join(parts)).strip()

    def all(self, **wanted: str) -> list["Element"]:
        """`tag`, `css_class`, or attributes with `_` for `-`. What stands in a <template> is not there."""
        found = []
        for child in self.children:
            if isinstance(child, Element) and child.tag != "template":
                found += [child] if child._matches(wanted) else []
                found += child.all(**wanted)
        return found

    def one(self, **wanted: str) -> "Element":
        (found,) = self.all(**wanted)
        return found

    def _matches(self, wanted: dict[str, str]) -> bool:
        actual: dict[str, Any] = {name.replace("-", "_"): v for name, v in self.attributes.items()}
        classes = self.attributes.get("class", "").split()
        for name, value in wanted.items():
            if name == "css_class":
                if value not in classes:
                    return False
            elif (self.tag if name == "tag" else actual.get(name)) != value:
                return False
        return True


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.open = Element("", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.open)
        self.open.children.append(element)
        if tag not in VOID:
            self.open = element

    def handle_endtag(self, tag: str) -> None:
        assert self.open.tag == tag, f"</{tag}> closes <{self.open.tag}>"
        assert self.open.parent is not None
        self.open = self.open.parent

    def handle_data(self, data: str) -> None:
        self.open.children.append(data)


def read(response: HttpResponseBase) -> Element:
    """Also a check that every element is closed where it should be."""
    assert isinstance(response, HttpResponse)
    reader = _Reader()
    reader.feed(response.content.decode())
    assert reader.open is reader.root, f"<{reader.open.tag}> is never closed"
    return reader.root
