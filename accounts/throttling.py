"""DRF's throttle rates, for a person or else for the address that we believe, all asked at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

from accounts.client_address import client_address
from accounts.models import User
from chatproject.limits import Limit, parse_rate, take

if TYPE_CHECKING:
    from rest_framework.views import APIView

PERSON, STRANGER = "user", "anon"


class Throttle(BaseThrottle):
    """Limits what one person asks at all, and apart from that each `throttle_scope`."""

    rates: ClassVar[dict[str, Any]] = api_settings.DEFAULT_THROTTLE_RATES
    seconds = 0.0

    def allow_request(self, request: Request, view: APIView) -> bool:
        general, who = taker_of(request)
        scope = getattr(view, "throttle_scope", "")
        view.headers["RateLimit-Policy"] = policy_of(general, scope, rates=self.rates)
        return self.allows(who, general, scope)

    def allows(self, who: str, *scopes: str | None) -> bool:
        self.seconds = take(list(self._limits(who, scopes)))
        return self.seconds == 0

    def wait(self) -> float:
        return self.seconds

    def _limits(self, who: str, scopes: tuple[str | None, ...]) -> Iterator[Limit]:
        for scope in scopes:
            if scope and (rate := self.rates[scope]):
                yield Limit.of_rate(rate, key=f"throttle.{scope}.{who}")


def policy_of(*scopes: str | None, rates: dict[str, Any]) -> str:
    """As draft-ietf-httpapi-ratelimit-headers has it. What is left is not known exactly: limits.py."""
    quotas = {scope: parse_rate(rates[scope]) for scope in scopes if scope and rates[scope]}
    return ", ".join(
        f'"{scope}";q={number};w={period}' for scope, (number, period) in quotas.items()
    )


def taker_of(request: Request) -> tuple[str, str]:
    """Which general rate holds, and for whom: a key or a webhook has limits of its own."""
    own: tuple[str, str] | None = getattr(request.auth, "limit", None)
    if own:
        return own
    general = PERSON if isinstance(request.user, User) else STRANGER
    return general, subject_of(request.user, request._request)


def subject_of(user: object, request: HttpRequest) -> str:
    if isinstance(user, User):
        return str(user.pk)
    return client_address(request) or "unknown"
