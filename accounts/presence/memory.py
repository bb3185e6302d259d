from collections.abc import Iterable
from dataclasses import replace
from threading import Lock
from time import monotonic

from accounts.presence.store import Change, State


class MemoryPresence:
    """For the one process of the embedded profile: when it dies, so does all that it knew."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._owners: dict[str, int] = {}
        self._states: dict[int, dict[str, State]] = {}
        # Since when somebody is away of whom nobody has been told yet.
        self._leaving: dict[int, float] = {}

    def connect(self, user_id: int, connection_id: str, state: State) -> Change:
        with self._lock:
            change = self._put(user_id, connection_id, state)
            was_leaving = self._leaving.pop(user_id, None) is not None
            return replace(change, before=State.IDLE) if was_leaving else change

    def set_state(self, connection_id: str, state: State) -> Change | None:
        with self._lock:
            user_id = self._owners.get(connection_id)
            return None if user_id is None else self._put(user_id, connection_id, state)

    def disconnect(self, connection_id: str) -> Change | None:
        with self._lock:
            user_id = self._owners.pop(connection_id, None)
            if user_id is None:
                return None
            before = self._state_of(user_id)
            del self._states[user_id][connection_id]
            if not self._states[user_id]:
                del self._states[user_id]
                self._leaving[user_id] = monotonic()
            return Change(user_id, before, self._state_of(user_id))

    def states_of(self, user_ids: Iterable[int]) -> dict[int, State]:
        with self._lock:
            return {user_id: self._state_of(user_id) for user_id in user_ids}

    def heartbeat(self) -> set[int]:
        return set()

    def sweep(self) -> set[int]:
        return set()

    def farewells(self, grace: float) -> set[int]:
        with self._lock:
            now = monotonic()
            due = {user_id for user_id, since in self._leaving.items() if since + grace <= now}
            for user_id in due:
                del self._leaving[user_id]
            return due

    def leave(self) -> set[int]:
        with self._lock:
            leaving = {*self._states, *self._leaving}
            for remembered in (self._owners, self._states, self._leaving):
                remembered.clear()
            return leaving

    def connections(self) -> dict[str, tuple[int, State]]:
        with self._lock:
            return {
                connection_id: (user_id, self._states[user_id][connection_id])
                for connection_id, user_id in self._owners.items()
            }

    def _put(self, user_id: int, connection_id: str, state: State) -> Change:
        before = self._state_of(user_id)
        self._owners[connection_id] = user_id
        self._states.setdefault(user_id, {})[connection_id] = state
        return Change(user_id, before, self._state_of(user_id))

    def _state_of(self, user_id: int) -> State:
        states = self._states.get(user_id, {}).values()
        if not states:
            return State.OFFLINE
        return State.ACTIVE if State.ACTIVE in states else State.IDLE
