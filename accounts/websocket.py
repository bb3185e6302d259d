"""Who opens a socket. Four ways: our pages' cookie, a bearer header, a sub-protocol, a first frame.

A token is never taken from the URL, where logs would keep it.
"""

from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import parse_cookie
from django.http.request import split_domain_port, validate_host
from django.utils.http import is_same_domain
from django.utils.translation import gettext as _

from accounts import browser, secrets, tokens
from accounts.client_address import resolve
from accounts.models import Session, User
from accounts.services import sessions
from chatproject.errors import Forbidden, SignInRequired
from chatproject.threads import in_thread

PROTOCOL = "chat.v1"
TOKEN_PROTOCOL_PREFIX = "bearer."


@dataclass(frozen=True)
class Identity:
    """`expires_at` is the token's; None for a cookie, whose session is checked by itself."""

    user: User
    session_id: int
    expires_at: datetime | None = None


async def identify(scope: dict[str, Any]) -> Identity | None:
    """None: nobody said who they are yet. SignInRequired or Forbidden: they said it wrongly."""
    headers = Headers(scope)
    if token := headers.bearer_token() or _protocol_token(scope):
        return await identify_token(token, ip_address=_address(scope, headers))
    cookies = parse_cookie(headers.get("cookie"))
    if session_key := cookies.get(settings.SESSION_COOKIE_NAME):
        return await in_thread(_identify_cookie, session_key, scope, headers)
    return None


async def identify_token(token: str, *, ip_address: str | None = None) -> Identity:
    """Raises SignInRequired for one that is wrong, expired, or of a revoked session."""
    return await in_thread(_identify_token, token, ip_address)


def chosen_protocol(scope: dict[str, Any]) -> str | None:
    """What the server answers: never the sub-protocol that carries the token."""
    return PROTOCOL if PROTOCOL in scope.get("subprotocols", ()) else None


class Headers:
    def __init__(self, scope: dict[str, Any]) -> None:
        self._values: dict[str, str] = {}
        for name, value in scope.get("headers", ()):
            self._values[name.decode("latin-1").lower()] = value.decode("latin-1")

    def get(self, name: str) -> str:
        return self._values.get(name, "")

    def bearer_token(self) -> str:
        scheme, _, token = self.get("authorization").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""


def _identify_token(token: str, ip_address: str | None) -> Identity:
    if secrets.is_one(token):
        raise SignInRequired(
            _("API keys are for REST. What happens comes to bots by webhooks."),
            code="key_not_for_sockets",
        )
    claims = tokens.read_access_token(token)
    session = sessions.live_session(claims.session_id)
    if session is None or session.user_id != claims.user_id:
        raise tokens.BadToken
    sessions.touch(session=session, ip_address=ip_address)
    return Identity(session.user, session.pk, claims.expires_at)


def _identify_cookie(session_key: str, scope: dict[str, Any], headers: Headers) -> Identity | None:
    device = _device(session_key)
    if device is None:
        return None
    # The browser adds the cookie by itself, also for a page of somebody else's site.
    if not is_own_origin(headers.get("origin"), host=headers.get("host")):
        raise Forbidden("This page may not open a socket here.", code="origin_not_allowed")
    sessions.touch(session=device, ip_address=_address(scope, headers))
    return Identity(device.user, device.pk)


def _device(session_key: str) -> Session | None:
    store = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    return browser.device_of(store)


def is_own_origin(origin: str, *, host: str) -> bool:
    """The page's own host, if it is an allowed one, or an origin that the settings trust."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return False
    if parts.netloc.lower() == host.lower():
        return validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)
    return any(_matches(parts.scheme, parts.netloc, t) for t in settings.CSRF_TRUSTED_ORIGINS)


def _matches(scheme: str, netloc: str, trusted: str) -> bool:
    pattern = urlsplit(trusted)
    return scheme == pattern.scheme and is_same_domain(netloc, pattern.netloc.lstrip("*"))


def _protocol_token(scope: dict[str, Any]) -> str:
    for protocol in scope.get("subprotocols", ()):
        if protocol.startswith(TOKEN_PROTOCOL_PREFIX):
            return protocol.removeprefix(TOKEN_PROTOCOL_PREFIX)
    return ""


def _address(scope: dict[str, Any], headers: Headers) -> str | None:
    peer = scope.get("client") or ["", 0]
    return resolve(peer=peer[0], forwarded_for=headers.get("x-forwarded-for"))
