"""Secrets that we have to say again, and that are no use to whoever only has the database."""

from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

PURPOSE = b"parley.sealed\n"


class Unreadable(Exception):
    """It was sealed with a SECRET_KEY that is gone."""


def seal(text: str) -> str:
    return _box(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    try:
        box = _box(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        return box.decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


@lru_cache(maxsize=4)
def _box(*keys: str) -> MultiFernet:
    """Opens what any of the keys sealed, and seals with the first."""
    derived = (sha256(PURPOSE + key.encode()).digest() for key in keys)
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in derived])
