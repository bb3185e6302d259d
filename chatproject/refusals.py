"""What a service refuses to a page: the error page of its status. REST has its own handler."""

from collections.abc import Callable

import pydantic
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.deprecation import MiddlewareMixin
from django.views.defaults import page_not_found, permission_denied
from redis.exceptions import RedisError

from chatproject.errors import DomainError, Report, describe

ERROR_PAGES: dict[int, Callable[[HttpRequest, Exception], HttpResponse]] = {
    # A page is asked for by links and forms of ours: what they never ask is not there.
    400: page_not_found,
    403: permission_denied,
    404: page_not_found,
}


class RefusalMiddleware(MiddlewareMixin):
    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        match exception:
            case (
                DomainError()
                | pydantic.ValidationError()
                | OperationalError()
                | InterfaceError()
                | RedisError()
            ):
                return _error_page(request, exception, describe(exception))
        return None


def _error_page(request: HttpRequest, exception: Exception, report: Report) -> HttpResponse:
    if page := ERROR_PAGES.get(report.status):
        return page(request, exception)
    # As plain as possible: a template would ask the database who is there.
    text = report.body["errors"][0]["detail"]
    return HttpResponse(
        text, status=report.status, content_type="text/plain", headers=report.headers
    )
