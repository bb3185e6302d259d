"""The door that takes a password, for the page, REST and the admin alike: who may try, and how often.

Failures count three ways, each with its own patience: an account from one address, everything from one
address, an account from everywhere. The last two are patient: offices share addresses, and nobody should
be able to lock somebody else out with ease.
"""

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.backends import ModelBackend
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.services.members import normal_email
from chatproject.errors import SignInRequired, TooMany

# In the order of AXES_LOCKOUT_PARAMETERS: how many times AXES_FAILURE_LIMIT each of them may fail.
PATIENCE = (1, 5, 10)


def check_password(request: HttpRequest, *, email: str, password: str) -> User:
    """Raises SignInRequired, with one text for whatever was wrong, or TooMany."""
    user = auth.authenticate(request, email=normal_email(email), password=password)
    if isinstance(user, User):
        AxesProxyHandler.get_implementation().reset_user_attempts(request, {"email": user.email})
        return user
    if getattr(request, "axes_locked_out", False):
        raise TooMany(_lockout_text(), code="locked_out", retry_after=_lockout_seconds())
    raise SignInRequired(
        _("The e-mail address or the password is wrong."), code="wrong_credentials"
    )


class PersonBackend(ModelBackend):
    def user_can_authenticate(self, user: Any) -> bool:
        may_sign_in = super().user_can_authenticate(user) and user.organization.is_active
        return may_sign_in and not user.is_bot


class SignInLimits(AxesDatabaseHandler):
    """The library knows one limit; here each count weighs by its patience."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        counted = self.get_user_attempts(request, credentials)
        totals = (
            attempts.aggregate(n=Sum("failures_since_start"))["n"] or 0 for attempts in counted
        )
        return max(n // patience for n, patience in zip(totals, PATIENCE, strict=True))

    def reset_user_attempts(
        self, request: HttpRequest, credentials: dict[str, Any] | None = None
    ) -> int:
        # Only the pair's: else an attacker's own account would wipe what his address has collected.
        deleted: int = self.filter_user_attempts(request, credentials)[0].delete()[0]
        return deleted


def account_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """One account, one count, in whatever spelling, and whichever form it came through."""
    said = credentials or request.POST
    return normal_email(said.get("email") or said.get("username") or "")


def lockout_response(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    if response is not None and response.status_code == TooMany.status:
        return response
    page = render(
        request, "accounts/locked_out.html", {"text": _lockout_text()}, status=TooMany.status
    )
    page["Retry-After"] = str(_lockout_seconds())
    return page


def _lockout_seconds() -> int:
    return int(settings.AXES_COOLOFF_TIME.total_seconds())


def _lockout_text() -> str:
    minutes = _lockout_seconds() // 60
    return ngettext(
        "Too many failed attempts to sign in. Try again in %(minutes)d minute.",
        "Too many failed attempts to sign in. Try again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}
