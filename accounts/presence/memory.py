from collections.abc import Iterable
from threading import Lock

from accounts.presence.store import Change, State


class MemoryPresence:
    """For the one process of the embedded profile: when it dies, so does all that it knew."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._owners: dict[str, int] = {}
        self._states: dict[int, dict[str, State]] = {}

    def connect(self, user_id: int, connection_id: str, state: State) -> Change:
        with self._lock:
            return self._put(user_id, connection_id, state)

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
            return Change(user_id, before, self._state_of(user_id))

    def states_of(self, user_ids: Iterable[int]) -> dict[int, State]:
        with self._lock:
            return {user_id: self._state_of(user_id) for user_id in user_ids}

    def heartbeat(self) -> set[int]:
        return set()

    def sweep(self) -> set[int]:
        return set()

    def leave(self) -> set[int]:
        with self._lock:
            leaving = set(self._states)
            self._owners.clear()
            self._states.clear()
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
