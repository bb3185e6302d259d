from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass

# Renewed this long before its end, in seconds: clocks differ, and answers take their time.
MARGIN = 30


@dataclass(frozen=True)
class Tokens:
    """`access` goes with each request, `refresh` is good once, for the next pair."""

    access: str
    refresh: str

    @property
    def seconds_left(self) -> float:
        payload = self.access.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return float(claims["exp"]) - time.time() - MARGIN
