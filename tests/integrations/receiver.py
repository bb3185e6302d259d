"""What a receiver of webhooks does, written from the Standard Webhooks specification alone, over real TLS."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

from tests.notifications.push_service import Answer, PushService, Received

TOLERANCE = 300


class Receiver:
    """One address of a real server; its answers are told beforehand, and are 201 otherwise."""

    def __init__(self, server: PushService, name: str = "hook") -> None:
        self.server, self.path = server, f"/{name}"

    @property
    def url(self) -> str:
        return f"{self.server.url}{self.path}"

    def answers(self, *answers: Answer) -> None:
        self.server.answers[self.path] += answers

    @property
    def received(self) -> list[Received]:
        return [each for each in self.server.received if each.path == self.path]

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(each.body) for each in self.received]


def verified(request: Received, secret: str) -> dict[str, Any]:
    """The body, if it is of who knows the secret, and of now."""
    key, moment = request.headers["webhook-id"], request.headers["webhook-timestamp"]
    assert abs(time.time() - int(moment)) < TOLERANCE
    kind, _, encoded = secret.partition("_")
    assert kind == "whsec"
    raw = base64.b64decode(encoded, validate=True)
    assert 24 <= len(raw) <= 64
    content = b".".join([key.encode(), moment.encode(), request.body])
    expected = base64.b64encode(hmac.digest(raw, content, hashlib.sha256))
    given = [part.split(",", 1) for part in request.headers["webhook-signature"].split(" ")]
    assert any(
        version == "v1" and hmac.compare_digest(expected, text.encode()) for version, text in given
    ), "this is not of who we think"
    body: dict[str, Any] = json.loads(request.body)
    assert set(body) == {"type", "timestamp", "data"}
    return body
