"""Django's Redis cache, but its loss is a miss: limits are not counted, sessions come from the database."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.retry import Retry

from chatproject.breaker import Breaker


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

    def _or(self, otherwise: Any, operation: Callable[..., Any], *arguments: Any) -> Any:
        return self.breaker.ask(lambda: operation(*arguments), otherwise)


class ForgivingRedisCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ForgivingClient
