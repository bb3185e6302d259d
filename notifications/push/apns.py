"""Apple's push service, by token: HTTP/2 and a signed word that is good for an hour."""

import time
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import jwt
import orjson
from django.conf import settings

from notifications.push.answers import Answer, Verdict, answer_of, not_configured
from notifications.push.message import LIFETIME, Push
from notifications.push.transport import post

# Apple wants it renewed no more often than each 20 minutes, and at least each hour.
RENEWED_EVERY = 40 * 60
# Of a token that never was any, or is of another app.
WRONG_TOKENS = frozenset({"BadDeviceToken", "DeviceTokenNotForTopic", "Unregistered"})


async def send(client: httpx.AsyncClient, push: Push) -> Answer:
    if not settings.APNS_KEY_FILE:
        return not_configured()
    response, body = await post(
        client,
        f"{settings.APNS_URL}/3/device/{quote(push.endpoint, safe='')}",
        content=orjson.dumps(payload_of(push)),
        headers=_headers(push),
    )
    reason = _reason(body)
    if reason in WRONG_TOKENS:
        return Answer(Verdict.GONE, reason)
    return answer_of(
        response.status_code, retry_after=response.headers.get("Retry-After", ""), detail=reason
    )


def payload_of(push: Push) -> dict[str, Any]:
    """With `mutable-content` the app may fetch the words itself before it is shown."""
    shape = push.shape
    aps: dict[str, Any] = {"thread-id": shape.tag, "mutable-content": 1, "badge": shape.unread}
    if not shape.silent:
        aps["sound"] = "default"
    if settings.PUSH_IDS_ONLY:
        return {"aps": {**aps, "alert": {"title": "Parley"}}, **shape.without_text().as_json()}
    return {"aps": {**aps, "alert": {"title": shape.title, "body": shape.body}}, **shape.as_json()}


def _headers(push: Push) -> dict[str, str]:
    return {
        "authorization": f"bearer {_token(int(time.time() // RENEWED_EVERY))}",
        "apns-topic": settings.APNS_TOPIC,
        "apns-push-type": "alert",
        "apns-priority": "10" if push.is_urgent else "5",
        "apns-expiration": str(int(time.time()) + LIFETIME),
        "apns-collapse-id": push.shape.tag,
    }


@lru_cache(maxsize=2)
def _token(_period: int) -> str:
    return jwt.encode(
        {"iss": settings.APNS_TEAM_ID, "iat": int(time.time())},
        Path(settings.APNS_KEY_FILE).read_text(),
        algorithm="ES256",
        headers={"kid": settings.APNS_KEY_ID},
    )


def _reason(body: bytes) -> str:
    try:
        told = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError:
        return ""
    return str(told.get("reason", "")) if isinstance(told, dict) else ""
