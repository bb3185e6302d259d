"""One push on its way, whoever carries it."""

from dataclasses import dataclass

from chatproject.events import PushShape

# A device that was off for longer learns of it when it opens the app.
LIFETIME = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    kind: str
    endpoint: str
    p256dh: str = ""
    auth: str = ""
    shape: PushShape
    is_urgent: bool = True
