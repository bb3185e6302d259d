"""Everything that can be asked over HTTP, read from the route map itself."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.views.generic import View

VIEW_METHODS = ("get", "post", "put", "patch", "delete")
# A function does not say which methods it takes; ours take these.
PAGE_METHODS = ("get", "post")


@dataclass(frozen=True, order=True)
class Route:
    method: str
    template: str

    def __str__(self) -> str:
        return f"{self.method} {self.template}"

    @property
    def is_api(self) -> bool:
        return self.template.startswith("/api/")

    @property
    def variables(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.template)

    def path(self, **values: Any) -> str:
        return self.template.format(**values)


def routes() -> list[Route]:
    """Of pages, REST and documents; the admin site has its own tests."""
    found = {
        Route(method.upper(), template)
        for template, view in _views(get_resolver().url_patterns, "/")
        if not template.startswith("/admin/")
        for method in _methods(view)
    }
    return sorted(found, key=lambda route: (route.template, route.method))


def admin_templates() -> list[str]:
    templates = {template for template, _view in _views(get_resolver().url_patterns, "/")}
    return sorted(template for template in templates if template.startswith("/admin/"))


def _views(patterns: Iterable[Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        template = prefix + _template(str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns, template)
        elif isinstance(pattern, URLPattern):
            yield template, pattern.callback


def _template(pattern: str) -> str:
    """From either notation: `<int:pk>` and `(?P<pk>[0-9]{1,18})` become `{pk}`."""
    pattern = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", pattern)
    pattern = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", pattern)
    return re.sub(r"/\?$|\\Z", "", pattern.removeprefix("^").removesuffix("$"))


def _methods(view: Any) -> Iterable[str]:
    if actions := getattr(view, "actions", None):
        return [method for method in actions if method in VIEW_METHODS]
    if kind := getattr(view, "cls", None) or getattr(view, "view_class", None):
        assert issubclass(kind, View)
        return [method for method in VIEW_METHODS if hasattr(kind, method)]
    return PAGE_METHODS


def filled(template: Any, named: Mapping[str, Any]) -> Any:
    """A body or path in which `@name` stands for what it means here."""
    match template:
        case str() if template.startswith("@"):
            return named[template[1:]]
        case Mapping():
            return {filled(name, named): filled(value, named) for name, value in template.items()}
        case list():
            return [filled(value, named) for value in template]
    return template
