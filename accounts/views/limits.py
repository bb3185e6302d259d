"""REST's limits for pages that take a form."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.throttling import Throttle, subject_of
from chatproject.errors import TooMany


def limited(scope: str) -> Callable[..., Any]:
    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            throttle = Throttle()
            if request.method != "POST" or throttle.allows(
                subject_of(request.user, request), scope
            ):
                return view(request, *args, **kwargs)
            return _wait_page(request, throttle)

        return guarded

    return decorate


def _wait_page(request: HttpRequest, throttle: Throttle) -> HttpResponse:
    text = _("Too many attempts. Try again in a moment.")
    page = render(request, "accounts/locked_out.html", {"text": text}, status=TooMany.status)
    page["Retry-After"] = str(int(throttle.wait()) + 1)
    return page
