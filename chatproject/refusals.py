"""What is refused outside of REST's own handler: the error page of its status, or our error shape."""

import sys
from collections.abc import Callable

import pydantic
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from redis.exceptions import RedisError

from chatproject.errors import DomainError, Report, describe

ERROR_PAGES: dict[int, Callable[[HttpRequest, Exception], HttpResponse]] = {
    # A page is asked for by links and forms of ours: what they never ask is not there.
    400: defaults.page_not_found,
    403: defaults.permission_denied,
    404: defaults.page_not_found,
}
TITLES = {
    429: _("Wait a moment"),
    503: _("Back in a moment"),
}
PAUSES = (OperationalError, InterfaceError, RedisError)


class RefusalMiddleware(MiddlewareMixin):
    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        if isinstance(exception, (DomainError, pydantic.ValidationError, *PAUSES)):
            return _error_page(request, exception, describe(exception))
        return None


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500, for what no view raised: a middleware that could not ask who is there."""
    exception = sys.exc_info()[1]
    if isinstance(exception, Exception) and (
        isinstance(exception, PAUSES) or request.path.startswith("/api/")
    ):
        return _error_page(request, exception, describe(exception))
    return defaults.server_error(request)


def _error_page(request: HttpRequest, exception: Exception, report: Report) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse(report.body, status=report.status, headers=report.headers)
    if page := ERROR_PAGES.get(report.status):
        return page(request, exception)
    # Without the request: with it the page would ask the database who is there.
    title = TITLES.get(report.status, _("This is not possible"))
    text = report.body["errors"][0]["detail"]
    content = render_to_string("refused.html", {"title": title, "text": text})
    return HttpResponse(content, status=report.status, headers=report.headers)
