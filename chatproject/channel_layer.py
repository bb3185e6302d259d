"""The Redis pub/sub layer, which also says when it had to subscribe anew.

What was published between the loss of a subscription and its renewal is gone for good. The stock layer
renews silently (its `on_reconnect` hook is never called), so clients would stay stale without knowing.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from channels_redis.pubsub import (
    RedisPubSubChannelLayer,
    RedisPubSubLoopLayer,
    RedisSingleShardConnection,
)
from channels_redis.utils import _wrap_close, decode_hosts
from redis.asyncio.client import PubSub

Callback = Callable[[], None]


class WatchedPubSubChannelLayer(RedisPubSubChannelLayer):
    def on_renewal(self, callback: Callback) -> None:
        """`callback` runs in the present event loop after each renewal of lost subscriptions."""
        self._get_layer().renewal_callback = callback

    def _get_layer(self) -> "WatchedLoopLayer":
        loop = asyncio.get_running_loop()
        if loop not in self._layers:
            self._layers[loop] = WatchedLoopLayer(*self._args, **self._kwargs, channel_layer=self)
            _wrap_close(self, loop)
        return self._layers[loop]


class WatchedLoopLayer(RedisPubSubLoopLayer):
    renewal_callback: Callback | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._shards: list[RedisSingleShardConnection] = [
            WatchedShard(host, self) for host in decode_hosts(kwargs.get("hosts"))
        ]

    def note_renewal(self) -> None:
        if self.renewal_callback is not None:
            self.renewal_callback()


class WatchedShard(RedisSingleShardConnection):
    def _ensure_redis(self) -> None:
        if self._redis is None:
            super()._ensure_redis()
            assert self._redis is not None
            self._pubsub = WatchedPubSub(self._redis.connection_pool)
            self._pubsub.renewal_callback = self.channel_layer.note_renewal


class WatchedPubSub(PubSub):
    renewal_callback: Callback | None = None

    async def on_connect(self, connection: Any) -> None:
        had_subscriptions = bool(self.channels)
        await super().on_connect(connection)
        if had_subscriptions and self.renewal_callback is not None:
            self.renewal_callback()
