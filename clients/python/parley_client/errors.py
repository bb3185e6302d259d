from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ConnectionLost(Exception):
    """There was no answer; whether the server did it is unknown."""


class Refused(Exception):
    """The server said no: `code` is for programs, the text for people."""

    def __init__(
        self, body: Mapping[str, Any], *, status: int | None = None, retry_after: float | None
    ) -> None:
        error = body["errors"][0]
        self.code: str = error["code"]
        self.attr: str | None = error["attr"]
        self.status = status
        # In how many seconds it makes sense to ask again; None: never.
        self.retry_after = retry_after
        super().__init__(f"{error['detail']} ({self.code})")


class SignedOut(Exception):
    """This device has to sign in again."""
