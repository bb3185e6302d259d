"""Presence by process lease (docs/architecture.md): a beat costs one command, however many are connected.

Redis is a hint here too. Every process remembers its own connections and puts them back when a beat
notices that Redis lost them. While Redis is away, only one's own connections count as online.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast
from uuid import uuid4

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from accounts.presence import scripts
from accounts.presence.memory import MemoryPresence
from accounts.presence.store import Change, State
from chatproject.breaker import Breaker

# A process that has not beaten for this long is dead, in seconds. With the beat every 10 s and the sweep at
# each beat, a killed server's people are offline after 40 s at most.
LEASE = 30
TIMEOUT = 2
PUT_BACK_AT_ONCE = 500

Answer = TypeVar("Answer")


class RedisPresence:
    def __init__(self, url: str, *, lease: float = LEASE) -> None:
        self._redis = Redis.from_url(
            url,
            decode_responses=True,
            socket_timeout=TIMEOUT,
            socket_connect_timeout=TIMEOUT,
            retry=Retry(NoBackoff(), 1),
        )
        script = self._redis.register_script
        self._put, self._remove = script(scripts.PUT), script(scripts.REMOVE)
        self._states, self._beat = script(scripts.STATES), script(scripts.BEAT)
        self._forget, self._sweep = script(scripts.FORGET), script(scripts.SWEEP)
        self._farewells = script(scripts.FAREWELLS)
        self._lease = lease
        self._own = MemoryPresence()
        self._process = uuid4().hex
        self._server_run = ""
        self._in_doubt = False
        self._breaker = Breaker("Presence")

    def connect(self, user_id: int, connection_id: str, state: State) -> Change:
        local = self._own.connect(user_id, connection_id, state)
        return self._apply(local, lambda: self._put_connection(user_id, connection_id, state))

    def set_state(self, connection_id: str, state: State) -> Change | None:
        local = self._own.set_state(connection_id, state)
        if local is None:
            return None
        return self._apply(local, lambda: self._put_connection(local.user_id, connection_id, state))

    def disconnect(self, connection_id: str) -> Change | None:
        local = self._own.disconnect(connection_id)
        if local is None:
            return None
        return self._apply(local, lambda: self._remove_connection(local.user_id, connection_id))

    def states_of(self, user_ids: Iterable[int]) -> dict[int, State]:
        wanted = list(user_ids)
        if not wanted:
            return {}
        answers = self._ask(lambda: self._run(self._states, wanted))
        if answers is None:
            return self._own.states_of(wanted)
        return {user_id: State(text) for user_id, text in zip(wanted, answers, strict=True)}

    def heartbeat(self) -> set[int]:
        back = self._ask(self._beat_and_repair)
        return back if back is not None else set()

    def sweep(self) -> set[int]:
        return self._user_ids(self._ask(lambda: self._run(self._sweep, [])))

    def farewells(self, grace: float) -> set[int]:
        local = self._own.farewells(grace)
        answer = self._ask(lambda: self._run(self._farewells, [grace]))
        return local if answer is None else self._user_ids(answer)

    def leave(self) -> set[int]:
        local = self._own.leave()
        answer = self._ask(lambda: self._run(self._forget, [self._process]))
        return local if answer is None else self._user_ids(answer)

    # --- Talking to Redis ----------------------------------------------------------------------

    def _apply(self, local: Change, write: Callable[[], list[Any]]) -> Change:
        answer = self._ask(write)
        if answer is None:
            self._in_doubt = True
            return local
        before, after, had_lease = answer
        self._in_doubt = self._in_doubt or not had_lease
        return Change(local.user_id, State(before), State(after))

    def _ask(self, question: Callable[[], Answer]) -> Answer | None:
        """None while Redis does not answer."""
        return self._breaker.ask(question, None)

    def _run(self, script: Any, arguments: list[Any], client: Any = None) -> Any:
        return script(keys=[scripts.LEASES], args=arguments, client=client)

    def _put_connection(
        self, user_id: int, connection_id: str, state: State, client: Any = None
    ) -> list[Any]:
        arguments = [self._process, self._lease, user_id, connection_id, state.value]
        return cast("list[Any]", self._run(self._put, arguments, client))

    def _remove_connection(self, user_id: int, connection_id: str) -> list[Any]:
        return cast("list[Any]", self._run(self._remove, [self._process, user_id, connection_id]))

    def _user_ids(self, answer: list[str] | None) -> set[int]:
        return {int(user_id) for user_id in answer or ()}

    # --- Repair --------------------------------------------------------------------------------

    def _beat_and_repair(self) -> set[int]:
        had_lease, server_run = self._run(self._beat, [self._process, self._lease])
        lost = not had_lease or server_run != self._server_run
        self._server_run = server_run
        return self._put_back() if lost or self._in_doubt else set()

    def _put_back(self) -> set[int]:
        """Under a new process id: a sweep by another process may be busy with the old one."""
        old, self._process = self._process, uuid4().hex
        self._in_doubt = False
        try:
            put_back = self._own.connections()
            back = self._put_all(put_back)
            self._run(self._forget, [old])
            self._correct(put_back)
        except RedisError:
            self._in_doubt = True
            raise
        return back

    def _put_all(self, connections: dict[str, tuple[int, State]]) -> set[int]:
        waiting = list(connections.items())
        back: set[int] = set()
        for start in range(0, len(waiting), PUT_BACK_AT_ONCE):
            part = waiting[start : start + PUT_BACK_AT_ONCE]
            with self._redis.pipeline(transaction=False) as pipeline:
                for connection_id, (user_id, state) in part:
                    self._put_connection(user_id, connection_id, state, pipeline)
                answers = pipeline.execute()
            for (_, (user_id, _)), (before, *_) in zip(part, answers, strict=True):
                if before == State.OFFLINE:
                    back.add(user_id)
        return back

    def _correct(self, put_back: dict[str, tuple[int, State]]) -> None:
        """What changed while it was being put back."""
        now = self._own.connections()
        for connection_id, (user_id, state) in put_back.items():
            if connection_id not in now:
                self._remove_connection(user_id, connection_id)
            elif now[connection_id] != (user_id, state):
                self._put_connection(user_id, connection_id, now[connection_id][1])
