"""Who makes a REST request: the bearer of an access token, a bot, or the person signed in on our own pages.

The device, or the key, is looked up each time, so that a revoked one is refused at once.
"""

from typing import Any, cast

from rest_framework.authentication import (
    BaseAuthentication,
    SessionAuthentication,
    get_authorization_header,
)
from rest_framework.request import Request

from accounts import scopes, secrets, tokens
from accounts.browser import DeviceRequest
from accounts.client_address import client_address
from accounts.models import ApiKey, User
from accounts.reader import speak_to
from accounts.services import api_keys, sessions

SCHEME = b"bearer"


class SessionTokenAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, tokens.Claims] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != SCHEME:
            return None
        if len(words) != 2:
            raise tokens.BadToken
        return authenticate_token(request, words[1].decode("latin-1"))

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def authenticate_token(request: Request, text: str) -> tuple[User, tokens.Claims]:
    claims = tokens.read_access_token(text)
    session = sessions.live_session(claims.session_id)
    if session is None or session.user_id != claims.user_id:
        raise tokens.BadToken
    sessions.touch(session=session, ip_address=client_address(request._request))
    cast(DeviceRequest, request._request).device = session
    speak_to(session.user)
    return session.user, claims


class ApiKeyAuthentication(BaseAuthentication):
    """A bot, by a key that administrators made. What it may ask is decided here, for whatever view."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        words = get_authorization_header(request).split()
        text = words[1].decode("latin-1") if len(words) == 2 else ""
        if not secrets.is_one(text) or words[0].lower() != SCHEME:
            return None
        key = api_keys.live_api_key(text)
        if key is None:
            raise tokens.BadToken
        scopes.check(key, scopes.operation_of(request._request))
        api_keys.touch(key=key)
        speak_to(key.bot)
        return key.bot, key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class PageSessionAuthentication(SessionAuthentication):
    """The cookie of our pages, with the CSRF token. The middleware has checked the device."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        if getattr(request._request, "device", None) is None:
            return None
        return super().authenticate(request)
