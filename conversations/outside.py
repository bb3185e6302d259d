"""Handing what happens on to programs outside, as a bot would hear it.

Who listens, and how they are told, is no business of this app, which lies below the one that knows: the
setting OUTSIDE names it. What is handed on is written down in the caller's transaction, and carried later.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from chatproject.events import Event


@dataclass(frozen=True)
class Happening:
    """An event, and the ids of those who hear it. Who caused it knows already.

    `organization_id` where what was told of the message before is to be forgotten: it was deleted.
    """

    event: Event
    to: Collection[int]
    message_id: int | None = None
    by: int | None = None
    organization_id: int | None = None


class Outside(Protocol):
    def bots(self) -> Collection[int]:
        """The ids of those for whom a program listens. Costs no query, most of the time."""

    def hand_on(self, happenings: Sequence[Happening]) -> None:
        """At most one statement, and none where nobody listens."""


def listening_bots() -> Collection[int]:
    return _outside().bots()


def hand_on(*happenings: Happening) -> None:
    _outside().hand_on(happenings)


def _outside() -> Outside:
    return cast(Outside, import_string(settings.OUTSIDE))
