"""Many sockets of many people, opened a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bench.clients.socket import Listener, Socket

AT_ONCE = 20


async def open_crowd(
    tokens: list[str], port: int, listener: Callable[[int], Listener]
) -> list[Socket]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def open_one(number: int, token: str) -> Socket:
        async with gate:
            return await Socket.open(port, token, listener(number))

    return await asyncio.gather(*(open_one(number, token) for number, token in enumerate(tokens)))


def hear_nothing(_text: bytes) -> None:
    pass
