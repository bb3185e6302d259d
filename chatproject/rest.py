"""The edge of REST: each operation says what it takes, and gets it parsed.

    @operation(query=MessagesQuery, answer=MessagesPage)
    def list(self, request: ApiRequest, conversation_id: int, query: MessagesQuery) -> Response:

The same words make the schema, so the two cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import BaseModel
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from chatproject.errors import Invalid, LengthRequired

if TYPE_CHECKING:
    from accounts.models import Session, User

# In paths: as many digits as any database can look up.
ID = "[0-9]{1,18}"
MAX_ID = 10**18 - 1

SEND, READ, CHANGE = "send", "read", "change"

Input = TypeVar("Input", bound=BaseModel)
Method = Callable[..., Response]


class ApiRequest(Request):
    """What the authentication classes make of a request."""

    user: User
    device: Session


class ApiViewSet(ViewSet):
    @property
    def throttle_scope(self) -> str:
        """Looking and changing are limited apart, and whatever the operation names for itself."""
        method = getattr(self, self.action or "", None)
        usual = READ if self.request.method in ("GET", "HEAD", "OPTIONS") else CHANGE
        return getattr(method, "throttle_scope", None) or usual


def operation(
    *,
    answer: Any,
    query: type[BaseModel] | None = None,
    body: type[BaseModel] | None = None,
    scope: str | None = None,
) -> Callable[[Method], Method]:
    """Path parameters arrive as integers, `query` and `body` as what they are declared to be."""

    def decorate(method: Method) -> Method:
        @wraps(method)
        def parsed(self: ApiViewSet, request: ApiRequest, **path: str) -> Response:
            values: dict[str, Any] = {name: int(text) for name, text in path.items()}
            if query:
                values["query"] = query_of(request, query)
            if body:
                values["body"] = body_of(request, body)
            return method(self, request, **values)

        parsed.throttle_scope = scope  # type: ignore[attr-defined]
        parameters = query_parameters(query) if query else []
        answers = answer if isinstance(answer, dict) else {200: answer}
        return extend_schema(parameters=parameters, request=body, responses=answers)(parsed)

    return decorate


def body_of(request: Request, kind: type[Input]) -> Input:
    # Without its length DRF takes a body for empty, and "mark up to 5 as read" would mean all.
    if "Transfer-Encoding" in request.headers and not request.META.get("CONTENT_LENGTH"):
        raise LengthRequired
    return kind.model_validate(request.data)


def query_of(request: Request, kind: type[Input]) -> Input:
    # What comes in an address is text, whatever it means.
    return kind.model_validate(parameters_of(request), strict=False)


def parameters_of(request: Request) -> dict[str, str]:
    """Each only once: of two, which one would be meant?"""
    for name, values in request.query_params.lists():
        if len(values) > 1:
            raise Invalid(_("Give this only once."), code="repeated", attr=name)
    return request.query_params.dict()


def query_parameters(kind: type[BaseModel]) -> list[OpenApiParameter]:
    schema = kind.model_json_schema()
    required = schema.get("required", [])
    return [
        OpenApiParameter(name, _without_null(field), required=name in required)
        for name, field in schema["properties"].items()
    ]


def _without_null(field: dict[str, Any]) -> dict[str, Any]:
    """In a query string what is null is simply not there."""
    kinds = [kind for kind in field.get("anyOf", []) if kind != {"type": "null"}]
    rest = {name: value for name, value in field.items() if name not in ("anyOf", "title")}
    if rest.get("default", ...) is None:
        del rest["default"]
    return rest | (kinds[0] if kinds else {})
