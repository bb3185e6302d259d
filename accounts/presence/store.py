"""What both keepers of presence promise."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class State(StrEnum):
    OFFLINE = "offline"
    IDLE = "idle"
    ACTIVE = "active"


@dataclass(frozen=True)
class Change:
    """A person's state over all of their devices, before and after."""

    user_id: int
    before: State
    after: State

    @property
    def came_online(self) -> bool:
        return self.before == State.OFFLINE != self.after

    @property
    def went_offline(self) -> bool:
        return self.before != State.OFFLINE == self.after


class PresenceStore(Protocol):
    def connect(self, user_id: int, connection_id: str, state: State) -> Change:
        """Whoever is back before their farewell never went, so they do not come online either."""

    def set_state(self, connection_id: str, state: State) -> Change | None:
        """None if this process knows no such connection (any more)."""

    def disconnect(self, connection_id: str) -> Change | None:
        """Whoever has no other connection is leaving from now on."""

    def states_of(self, user_ids: Iterable[int]) -> dict[int, State]: ...

    def heartbeat(self) -> set[int]:
        """Keeps this process's connections alive. Returns who came back online by repairing a loss."""

    def sweep(self) -> set[int]:
        """Forgets the connections of dead processes. Returns who went offline by that."""

    def farewells(self, grace: float) -> set[int]:
        """Returns who has been away for so many seconds, each of them once, whichever process asks."""

    def leave(self) -> set[int]:
        """This process stops. Returns who is leaving by that."""
