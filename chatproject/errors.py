"""Every refusal, and the one shape in which REST and the socket tell it.

Services raise the exceptions below; they know no HTTP. `describe` turns *any* exception into a status and
a body `{"type": ..., "errors": [{"code", "detail", "attr"}]}`. The REST handler and the consumer both use it.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pydantic
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import InterfaceError, OperationalError
from django.http import Http404, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic.alias_generators import to_camel
from redis.exceptions import RedisError
from rest_framework.exceptions import APIException, ErrorDetail
from rest_framework.exceptions import NotFound as RestNotFound
from rest_framework.exceptions import PermissionDenied as RestPermissionDenied
from rest_framework.exceptions import ValidationError as RestValidationError
from rest_framework.response import Response

from chatproject.input_errors import text_of

logger = logging.getLogger(__name__)

# A body of a megabyte can be wrong in a hundred thousand places; this many are told.
MAX_ERRORS = 20

# How long a client should wait before it asks again when the database pauses, in seconds.
RETRY_AFTER_PAUSE = 1


class DomainError(Exception):
    """Something that a service refuses. `code` is for programs, `detail` for people."""

    status: ClassVar[int] = 400
    kind: ClassVar[str] = "client_error"
    default_code: ClassVar[str] = "invalid"
    default_detail: ClassVar[Any] = gettext_lazy("This is not possible.")

    def __init__(
        self,
        detail: str | None = None,
        *,
        code: str | None = None,
        attr: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        self.code = code or self.default_code
        self.detail = str(detail or self.default_detail)
        self.attr = attr
        self.retry_after = retry_after
        super().__init__(self.detail)


class Invalid(DomainError):
    """The input is wrong; `attr` names the wire field."""

    kind = "validation_error"


class SignInRequired(DomainError):
    status = 401
    default_code = "not_authenticated"
    default_detail = gettext_lazy("Sign in first.")


class Forbidden(DomainError):
    """For a participant who lacks the right. An outsider gets NotFound."""

    status = 403
    default_code = "permission_denied"
    default_detail = gettext_lazy("You may not do this.")


class NotFound(DomainError):
    status = 404
    default_code = "not_found"
    default_detail = gettext_lazy("Not found.")


class Conflict(DomainError):
    status = 409
    default_code = "conflict"
    default_detail = gettext_lazy("This contradicts what is there already.")


class LengthRequired(DomainError):
    status = 411
    default_code = "length_required"
    default_detail = gettext_lazy("Say how long the body is (Content-Length).")


class TooLarge(DomainError):
    status = 413
    default_code = "too_large"
    default_detail = gettext_lazy("This is too large.")


class TooMany(DomainError):
    status = 429
    default_code = "throttled"
    default_detail = gettext_lazy("Too many requests. Wait a moment.")


class Unavailable(DomainError):
    status = 503
    kind = "server_error"
    default_code = "unavailable"
    default_detail = gettext_lazy("The service is busy. Try again in a moment.")


@dataclass(frozen=True)
class Report:
    """What a client is told of an exception."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)


def describe(exception: Exception) -> Report:
    """Anything unforeseen becomes a logged 500 that tells nothing of the inside."""
    match exception:
        case DomainError():
            return _domain_report(exception)
        case pydantic.ValidationError():
            return Report(400, _body("validation_error", _wire_errors(exception)))
        case DjangoValidationError():
            errors = [_error("invalid", message) for message in exception.messages]
            return Report(400, _body("validation_error", errors))
        case Http404():
            return describe(RestNotFound())
        case PermissionDenied():
            return describe(RestPermissionDenied())
        case APIException():
            return _rest_report(exception)
        case RequestDataTooBig():
            return _domain_report(TooLarge())
        case SuspiciousOperation() | BadRequest() | MultiPartParserError() | UnreadablePostError():
            return _domain_report(DomainError(_("This request is malformed."), code="bad_request"))
        case OperationalError() | InterfaceError() | RedisError():
            logger.warning("Database or Redis did not answer: %s", type(exception).__name__)
            return _domain_report(Unavailable(retry_after=RETRY_AFTER_PAUSE))
    logger.error("Unforeseen %s", type(exception).__name__, exc_info=exception)
    return Report(500, _body("server_error", [_error("error", _("Something went wrong."))]))


def handle_api_exception(exception: Exception, context: dict[str, Any]) -> Response:
    """DRF's EXCEPTION_HANDLER."""
    report = describe(exception)
    return Response(report.body, status=report.status, headers=report.headers)


def _domain_report(error: DomainError) -> Report:
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after is not None else {}
    if isinstance(error, SignInRequired):
        headers["WWW-Authenticate"] = 'Bearer realm="api"'
    body = _body(error.kind, [_error(error.code, error.detail, error.attr)])
    return Report(error.status, body, headers)


def _rest_report(exception: APIException) -> Report:
    headers = {}
    if challenge := getattr(exception, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(exception, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    errors = list(_flattened(exception.detail))
    return Report(exception.status_code, _body(_rest_kind(exception), errors), headers)


def _rest_kind(exception: APIException) -> str:
    if isinstance(exception, RestValidationError):
        return "validation_error"
    return "client_error" if exception.status_code < 500 else "server_error"


def _flattened(detail: Any, attr: str | None = None) -> Iterator[dict[str, str | None]]:
    # Not drf-standardized-errors' own: it imports DRF's views, which import our authentication,
    # which imports this module.
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _flattened(inner, f"{attr}.{name}" if attr else str(name))
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            inside = attr if isinstance(inner, ErrorDetail) else f"{attr}.{index}"
            yield from _flattened(inner, inside)
    else:
        yield _error(detail.code, detail, attr)


def _wire_errors(exception: pydantic.ValidationError) -> list[dict[str, str | None]]:
    return [
        _error(problem["type"], text_of(problem), _attr(problem["loc"]))
        for problem in exception.errors(include_url=False, include_input=False)[:MAX_ERRORS]
    ]


def _attr(location: tuple[int | str, ...]) -> str | None:
    return ".".join(to_camel(str(part)) for part in location) or None


def _body(kind: str, errors: list[dict[str, str | None]]) -> dict[str, Any]:
    return {"type": kind, "errors": errors}


def _error(code: str, detail: Any, attr: str | None = None) -> dict[str, str | None]:
    return {"code": code, "detail": str(detail), "attr": attr}
