"""JSON for the REST edge: quick, and bounded in what it accepts."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import IO, Any

import orjson
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.utils.encoders import JSONEncoder

from chatproject.errors import TooLarge
from chatproject.events import Wire, as_utc_text

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 32
ANYTHING = "*/*"


class BoundedJSONParser(BaseParser):
    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        body = stream.read(MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            raise TooLarge
        try:
            parsed = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise ParseError(_("This is not JSON: %(why)s") % {"why": error.msg}) from error
        if depth(parsed) > MAX_DEPTH:
            raise ParseError(_("This is nested too deeply."))
        return parsed


def depth(value: Any) -> int:
    """Counted level by level: a recursion would be the very thing to guard against."""
    levels, level = 0, [value]
    while level := [child for item in level for child in children(item)]:
        levels += 1
    return levels


def children(value: Any) -> list[Any]:
    match value:
        case dict():
            return list(value.values())
        case list():
            return value
    return []


class WireJSONRenderer(JSONRenderer):
    encoder = JSONEncoder()

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        if data is None:
            return b""
        if isinstance(data, Wire):
            return data._encoded
        return orjson.dumps(
            data,
            default=self.as_json,
            option=orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATETIME,
        )

    def as_json(self, value: Any) -> Any:
        return as_utc_text(value) if isinstance(value, datetime) else self.encoder.default(value)


class JSONNegotiation(DefaultContentNegotiation):
    """There is nothing to negotiate with whoever takes JSON, or anything."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        first = next(iter(renderers))
        wanted = request.META.get("HTTP_ACCEPT", ANYTHING)
        if wanted in (ANYTHING, first.media_type) and "format" not in request.GET:
            return first, first.media_type
        return super().select_renderer(request, renderers, format_suffix)
