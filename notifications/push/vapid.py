"""Who we are to push services (RFC 8292): a key pair of the server, and a signed word for each of them."""

import base64
import time
from functools import lru_cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from django.conf import settings
from py_vapid import Vapid02

# A signature is good for a day at most; ours is made anew well before.
LIFETIME = 12 * 3600
RENEWED_EVERY = 3600


def application_server_key() -> str:
    """The public half, as browsers take it to subscribe; empty where no web push is set up."""
    if not settings.VAPID_PRIVATE_KEY:
        return ""
    point = _vapid(settings.VAPID_PRIVATE_KEY).public_key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def authorization(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    hour = int(time.time() // RENEWED_EVERY)
    return _signed(
        settings.VAPID_PRIVATE_KEY, settings.VAPID_CONTACT, f"{parts.scheme}://{parts.netloc}", hour
    )


@lru_cache(maxsize=256)
def _signed(private_key: str, contact: str, audience: str, hour: int) -> str:
    claims = {"aud": audience, "sub": contact, "exp": hour * RENEWED_EVERY + LIFETIME}
    signed: str = _vapid(private_key).sign(claims)["Authorization"]
    return signed


@lru_cache(maxsize=2)
def _vapid(private_key: str) -> Vapid02:
    return Vapid02.from_string(private_key)
