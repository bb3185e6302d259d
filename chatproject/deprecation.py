"""Saying in time that an operation will go: to programs by headers, to people in the documents.

    @deprecated(since=date(2027, 1, 1), until=date(2027, 7, 1), instead="POST /api/chat/sync")
    @operation(answer=SyncPage)
    def list(self, request: ApiRequest) -> Response:

docs/api.md promises how long there is between the two. Until then the operation does what it always did.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any

from django.utils.http import http_date
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

DOCUMENTATION = "/api/docs"

Method = Callable[..., Response]


def deprecated(*, since: date, until: date, instead: str) -> Callable[[Method], Method]:
    """Deprecation is of RFC 9745, Sunset of RFC 8594: each answer has both, refusals too."""
    headers = {
        "Deprecation": f"@{_timestamp(since)}",
        "Sunset": http_date(_timestamp(until)),
        "Link": f'<{DOCUMENTATION}>; rel="deprecation"',
    }

    def decorate(method: Method) -> Method:
        @wraps(method)
        def answered(self: APIView, request: Request, *args: Any, **kwargs: Any) -> Response:
            self.headers.update(headers)
            return method(self, request, *args, **kwargs)

        text = f"{method.__doc__}\n\nGoes on {until.isoformat()}; use {instead} instead."
        return extend_schema(deprecated=True, description=text)(answered)

    return decorate


def _timestamp(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
