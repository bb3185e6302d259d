"""People as plain values; see conversations/plain.py. Wherever only these are read, a `User` does as well."""

from datetime import datetime
from typing import Any, NamedTuple

Row = tuple[Any, ...]


class PlainPerson(NamedTuple):
    pk: int
    organization_id: int
    display_name: str
    avatar: str | None
    role: str
    is_active: bool
    kind: str
    about: str
    last_seen_at: datetime | None

    @property
    def is_bot(self) -> bool:
        return self.kind == "bot"


class PlainPrivacy(NamedTuple):
    user_id: int
    last_seen: str
    online: str
    photo: str
    about: str
