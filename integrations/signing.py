"""Signatures as the Standard Webhooks specification has them: HMAC-SHA256 of id, moment and body."""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterable
from hashlib import sha256
from secrets import token_bytes

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    return PREFIX + b64encode(token_bytes(SECRET_BYTES)).decode()


def headers_of(*, key: str, moment: int, body: bytes, secrets: Iterable[str]) -> dict[str, str]:
    """One signature for each secret that is good now; the receiver looks for the one that it knows."""
    signatures = (signature(secret, key=key, moment=moment, body=body) for secret in secrets)
    return {
        "webhook-id": key,
        "webhook-timestamp": str(moment),
        "webhook-signature": " ".join(signatures),
    }


def signature(secret: str, *, key: str, moment: int, body: bytes) -> str:
    signed = f"{key}.{moment}.".encode() + body
    digest = hmac.new(b64decode(secret.removeprefix(PREFIX)), signed, sha256).digest()
    return f"v1,{b64encode(digest).decode()}"
