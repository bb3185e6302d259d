"""Firebase Cloud Messaging, HTTP v1: Android, and whatever else an app registered there."""

import time
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import httpx
import jwt
import orjson
from django.conf import settings

from chatproject.events import PushShape
from notifications.push.answers import Answer, Verdict, answer_of, not_configured
from notifications.push.message import LIFETIME, Push
from notifications.push.transport import post

SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
# Said of a token that is no longer any device's.
UNREGISTERED = b'"UNREGISTERED"'
# Renewed so long before its end.
MARGIN = 60


class FirebaseTokens:
    """The access token for our service account, good for an hour."""

    def __init__(self) -> None:
        self._token = ""
        self._good_until = 0.0

    async def current(self, client: httpx.AsyncClient) -> str:
        if time.time() > self._good_until - MARGIN:
            account = service_account(settings.FCM_CREDENTIALS_FILE)
            answer = await client.post(
                account["token_uri"], data={"grant_type": GRANT, "assertion": _assertion(account)}
            )
            answer.raise_for_status()
            given = answer.json()
            self._token = str(given["access_token"])
            self._good_until = time.time() + float(given["expires_in"])
        return self._token


async def send(client: httpx.AsyncClient, tokens: FirebaseTokens, push: Push) -> Answer:
    if not settings.FCM_CREDENTIALS_FILE:
        return not_configured()
    project = quote(service_account(settings.FCM_CREDENTIALS_FILE)["project_id"], safe="")
    response, body = await post(
        client,
        f"{settings.FCM_URL}/v1/projects/{project}/messages:send",
        content=orjson.dumps({"message": message_of(push)}),
        headers={
            "Authorization": f"Bearer {await tokens.current(client)}",
            "Content-Type": "application/json",
        },
    )
    if UNREGISTERED in body:
        return Answer(Verdict.GONE, "The app was removed from the device.")
    return answer_of(response.status_code, retry_after=response.headers.get("Retry-After", ""))


def message_of(push: Push) -> dict[str, Any]:
    """Values of `data` are texts. Without `notification` the app itself fetches and shows it."""
    message: dict[str, Any] = {
        "token": push.endpoint,
        "data": data_of(push.shape),
        "android": {
            "priority": "HIGH" if push.is_urgent else "NORMAL",
            "ttl": f"{LIFETIME}s",
            "collapse_key": push.shape.tag,
        },
    }
    if not settings.PUSH_IDS_ONLY:
        message["notification"] = {"title": push.shape.title, "body": push.shape.body}
        message["android"]["notification"] = {"tag": push.shape.tag}
    return message


def data_of(shape: PushShape) -> dict[str, str]:
    given = shape.without_text() if settings.PUSH_IDS_ONLY else shape
    return {
        name: value if isinstance(value, str) else orjson.dumps(value).decode()
        for name, value in given.as_json().items()
        if value is not None
    }


@lru_cache(maxsize=1)
def service_account(file: str) -> dict[str, str]:
    with open(file, "rb") as text:
        account: dict[str, str] = orjson.loads(text.read())
    return account


def _assertion(account: dict[str, str]) -> str:
    now = int(time.time())
    claims = {
        "iss": account["client_email"],
        "scope": SCOPE,
        "aud": account["token_uri"],
        "iat": now,
        "exp": now + 3600,
    }
    return jwt.encode(claims, account["private_key"], algorithm="RS256")
