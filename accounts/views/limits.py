"""REST's limits for pages that take a form."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.throttling import ScopeThrottle
from chatproject.errors import TooMany


@dataclass(frozen=True)
class Scoped:
    throttle_scope: str


def limited(scope: str) -> Callable[..., Any]:
    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            throttle = ScopeThrottle()
            if request.method != "POST" or throttle.allow_request(
                cast(Request, request), cast(APIView, Scoped(scope))
            ):
                return view(request, *args, **kwargs)
            return _wait_page(request, throttle)

        return guarded

    return decorate


def _wait_page(request: HttpRequest, throttle: ScopeThrottle) -> HttpResponse:
    text = _("Too many attempts. Try again in a moment.")
    page = render(request, "accounts/locked_out.html", {"text": text}, status=TooMany.status)
    page["Retry-After"] = str(int(throttle.wait() or 0) + 1)
    return page
