"""JSON Web Tokens of a session: `sid` names the device that may be revoked at any time."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError, TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token

from accounts.models import Session
from chatproject.errors import SignInRequired

SESSION_CLAIM = "sid"
MAX_VERIFIED = 4096


@dataclass(frozen=True)
class TokenPair:
    access: str
    refresh: str
    refresh_jti: str


@dataclass(frozen=True)
class Claims:
    session_id: int
    user_id: int
    jti: str
    expires_at: datetime


class BadToken(SignInRequired):
    default_code = "token_not_valid"
    default_detail = gettext_lazy("The token is invalid or has expired.")


def issue_pair(session: Session) -> TokenPair:
    refresh = RefreshToken.for_user(session.user)
    refresh[SESSION_CLAIM] = session.pk
    return TokenPair(str(refresh.access_token), str(refresh), refresh["jti"])


def read_access_token(text: str) -> Claims:
    return _read(AccessToken, text)


def read_refresh_token(text: str) -> Claims:
    return _read(RefreshToken, text)


def _read(kind: type[Token], text: str) -> Claims:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    claims = _verified(kind, text, keys)  # type: ignore[arg-type]
    if claims.expires_at <= timezone.now():
        raise BadToken
    return claims


@lru_cache(MAX_VERIFIED)
def _verified(kind: type[Token], text: str, keys: tuple[str, ...]) -> Claims:
    """What a signature says does not change; whether the token has expired does, and is asked each time."""
    # A JWT is ASCII; the library would stumble over a lone surrogate.
    if not text.isascii():
        raise BadToken
    try:
        token = kind()
        token.payload = _decode(text, keys)
        token.verify()
        return Claims(
            session_id=int(token[SESSION_CLAIM]),
            user_id=int(token["user_id"]),
            jti=token["jti"],
            expires_at=datetime.fromtimestamp(token["exp"], UTC),
        )
    except (TokenError, KeyError, TypeError, ValueError) as error:
        raise BadToken from error


def _decode(text: str, keys: tuple[str, ...]) -> dict[str, Any]:
    for key in keys:
        try:
            backend = TokenBackend(api_settings.ALGORITHM, signing_key=key)
            return backend.decode(text)  # type: ignore[arg-type]
        except TokenBackendError:
            continue
    raise BadToken
