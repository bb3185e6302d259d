"""One kept connection, one request at a time: as much of HTTP/1.1 as a Django behind ASGI answers with."""

from __future__ import annotations

import asyncio
import re
from typing import Any, Self

LENGTH = re.compile(rb"content-length: *(\d+)", re.I)
TIMEOUT = 30


class Connection(asyncio.Protocol):
    @classmethod
    async def open(cls, port: int) -> Self:
        loop = asyncio.get_running_loop()
        _transport, connection = await loop.create_connection(cls, "127.0.0.1", port)
        return connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self._buffer = b""
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    async def ask(self, method: str, path: str, token: str, body: bytes = b"") -> tuple[int, bytes]:
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
            f"Accept: application/json\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        async with asyncio.timeout(TIMEOUT):
            return await self._answer

    def close(self) -> None:
        self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_exception(ConnectionError("The server hung up."))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, separator, body = self._buffer.partition(b"\r\n\r\n")
        if not separator or not self._answer or not is_whole(head, body):
            return
        self._buffer = b""
        self._answer.set_result((int(head[9:12]), body))


def is_whole(head: bytes, body: bytes) -> bool:
    if length := LENGTH.search(head):
        return len(body) >= int(length[1])
    # In pieces, the last of which is empty.
    return body.endswith(b"0\r\n\r\n")
