"""Web push (RFC 8030): encrypted for the browser alone (RFC 8291), signed with our key (RFC 8292)."""

import base64
import hashlib

import aiohttp
import orjson
from django.conf import settings
from py_vapid import VapidException
from pywebpush import WebPusher, WebPushException

from notifications.push import vapid
from notifications.push.answers import Answer, Verdict, answer_of, not_configured
from notifications.push.endpoints import post
from notifications.push.message import LIFETIME, Push


async def send(session: aiohttp.ClientSession, push: Push) -> Answer:
    if not settings.VAPID_PRIVATE_KEY:
        return not_configured()
    try:
        body, headers = encrypted(push), _headers(push)
    except (ValueError, WebPushException):
        # 65 bytes that are no point of the curve.
        return Answer(Verdict.GONE, "The keys of the device are none.")
    except VapidException:
        # It knows no addresses of IPv6 without a name.
        return Answer(Verdict.REFUSED, "The address of the device cannot be signed for.")
    status, retry_after = await post(session, push.endpoint, body=body, headers=headers)
    # What a service says may quote the address: its status has to do.
    return answer_of(status, retry_after=retry_after)


def encrypted(push: Push) -> bytes:
    subscription = {
        "endpoint": push.endpoint,
        "keys": {"p256dh": push.p256dh, "auth": push.auth},
    }
    text = orjson.dumps(push.shape.as_json())
    body: bytes = WebPusher(subscription).encode(text, content_encoding="aes128gcm")["body"]
    return body


def _headers(push: Push) -> dict[str, str]:
    return {
        "Authorization": vapid.authorization(push.endpoint),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(LIFETIME),
        "Urgency": "high" if push.is_urgent else "normal",
        "Topic": topic(push.shape.tag),
    }


def topic(tag: str) -> str:
    """A later push takes the place of one that the device did not fetch yet. Tells the service nothing."""
    digest = hashlib.sha256(f"{settings.SECRET_KEY}\n{tag}".encode()).digest()
    return base64.urlsafe_b64encode(digest)[:32].decode()
