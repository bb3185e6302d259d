"""Django's caches, which also keep the token buckets of chatproject/limits.py.

The loss of Redis is a miss: limits are not counted, sessions come from the database.
"""

from collections.abc import Callable, Sequence
from threading import Lock
from time import time
from typing import Any, ClassVar, Protocol, cast

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.retry import Retry

from chatproject.breaker import Breaker

# Key, seconds until one token is back, seconds until all are.
Bucket = tuple[str, float, float]
# Shorter than this is no wait, but rounding.
NO_WAIT = 0.001

TAKE = """
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local full_at, wait = {}, 0
for index, key in ipairs(KEYS) do
  local interval, period = ARGV[2 * index - 1], ARGV[2 * index]
  full_at[index] = math.max(now, tonumber(redis.call('GET', key) or 0)) + interval
  wait = math.max(wait, full_at[index] - period - now)
end
if wait >= tonumber(ARGV[#ARGV]) then return tostring(wait) end
for index, key in ipairs(KEYS) do
  local rest = math.ceil((full_at[index] - now) * 1000)
  redis.call('SET', key, string.format('%.6f', full_at[index]), 'PX', rest)
end
return '0'
"""


class Buckets(Protocol):
    def take(self, buckets: Sequence[Bucket]) -> float: ...


class ForgivingClient(RedisCacheClient):
    # Of the whole process: Django makes a cache object for each thread, and under ASGI for each request.
    breaker: ClassVar[Breaker] = Breaker("The cache")
    pools: ClassVar[dict[tuple[str, ...], dict[int, ConnectionPool]]] = {}

    def __init__(self, servers: list[str], **options: Any) -> None:
        super().__init__(servers, retry=Retry(NoBackoff(), 1), **options)
        self._pools = self.pools.setdefault(tuple(servers), {})

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        return self._or(True, super().add, key, value, timeout)

    def get(self, key: Any, default: Any) -> Any:
        return self._or(default, super().get, key, default)

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        self._or(None, super().set, key, value, timeout)

    def touch(self, key: Any, timeout: Any) -> bool:
        return self._or(False, super().touch, key, timeout)

    def delete(self, key: Any) -> bool:
        return self._or(False, super().delete, key)

    def get_many(self, keys: Any) -> dict[Any, Any]:
        return self._or({}, super().get_many, keys)

    def has_key(self, key: Any) -> bool:
        return self._or(False, super().has_key, key)

    def incr(self, key: Any, delta: Any) -> int:
        return self._or(delta, super().incr, key, delta)

    def set_many(self, data: Any, timeout: Any) -> None:
        self._or(None, super().set_many, data, timeout)

    def delete_many(self, keys: Any) -> None:
        self._or(None, super().delete_many, keys)

    def clear(self) -> bool:
        return self._or(False, super().clear)

    def take(self, buckets: Sequence[Bucket]) -> float:
        keys = [key for key, *_ in buckets]
        arguments = [number for _, *numbers in buckets for number in numbers]
        script = self.get_client(write=True).register_script(TAKE)
        return float(self._or("0", script, keys, [*arguments, NO_WAIT]))

    def _or(self, otherwise: Any, operation: Callable[..., Any], *arguments: Any) -> Any:
        return self.breaker.ask(lambda: operation(*arguments), otherwise)


class ForgivingRedisCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ForgivingClient

    def take(self, buckets: Sequence[Bucket]) -> float:
        named = [
            (self.make_and_validate_key(key), interval, period) for key, interval, period in buckets
        ]
        return cast(ForgivingClient, self._cache).take(named)


class LocalCache(LocMemCache):
    """For the embedded profile, whose one process is all there is."""

    taking = Lock()

    def take(self, buckets: Sequence[Bucket]) -> float:
        now = time()
        with self.taking:
            full_at = {key: max(now, self.get(key, 0.0)) + interval for key, interval, _ in buckets}
            wait = max(full_at[key] - period - now for key, _, period in buckets)
            if wait >= NO_WAIT:
                return wait
            for key, moment in full_at.items():
                self.set(key, moment, moment - now)
        return 0
