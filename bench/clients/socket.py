"""A WebSocket client that costs next to nothing, so that what is measured is the server.

It speaks as much of RFC 6455 as our server answers with: text frames, pings, closes. What it hears it hands
on as bytes: whoever only counts need not parse.
"""

from __future__ import annotations

import asyncio
import secrets
from base64 import b64encode
from collections.abc import Callable
from typing import Any, Self

import orjson

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
OPEN_TIMEOUT = 60

Listener = Callable[[bytes], None]


class Socket(asyncio.Protocol):
    def __init__(self, on_text: Listener) -> None:
        self.on_text = on_text
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.is_lost = False
        self._buffer = b""
        self._is_upgraded = False

    @classmethod
    async def open(cls, port: int, token: str, on_text: Listener) -> Self:
        loop = asyncio.get_running_loop()
        _transport, socket = await loop.create_connection(lambda: cls(on_text), "127.0.0.1", port)
        socket.transport.write(
            f"GET /ws/chat/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {b64encode(secrets.token_bytes(16)).decode()}\r\n"
            f"Sec-WebSocket-Version: 13\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
        )
        async with asyncio.timeout(OPEN_TIMEOUT):
            await socket.opened
        return socket

    def say(self, event: str, data: dict[str, Any], number: int) -> None:
        self._send(TEXT, orjson.dumps({"event": event, "id": number, "data": data}))

    def close(self) -> None:
        self._send(CLOSE, b"\x03\xe8")
        self.transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not asyncio.Transport itself: that of uvloop only looks like one.
        self.transport: Any = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_lost = True
        if not self.opened.done():
            self.opened.set_exception(ConnectionError(f"Refused: {self._buffer[:200]!r}"))

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer + data if self._buffer else data
        if not self._is_upgraded:
            head, separator, rest = buffer.partition(b"\r\n\r\n")
            self._buffer = buffer
            if not separator:
                return
            if b" 101 " not in head:
                self.transport.close()
                return
            self._is_upgraded, buffer = True, rest
        self._buffer = self._take_frames(buffer)

    def _take_frames(self, buffer: bytes) -> bytes:
        """What is left over: the beginning of a frame."""
        at, size = 0, len(buffer)
        while size - at >= 2:
            start, length = at + 2, buffer[at + 1]
            if length >= 126:
                start = at + (4 if length == 126 else 10)
                length = int.from_bytes(buffer[at + 2 : start])
            if size < start + length:
                break
            self._hear(buffer[at], buffer[start : start + length])
            at = start + length
        return buffer[at:]

    def _hear(self, head: int, payload: bytes) -> None:
        kind = head & 15
        if kind == PING:
            self._send(PONG, payload)
        elif kind in (0, TEXT):
            self._hear_text(payload, is_last=bool(head & 128))

    _fragments = b""

    def _hear_text(self, payload: bytes, *, is_last: bool) -> None:
        if not is_last:
            self._fragments += payload
            return
        if self._fragments:
            payload, self._fragments = self._fragments + payload, b""
        if not self.opened.done() and orjson.loads(payload)["event"] == "connected":
            self.opened.set_result(None)
        self.on_text(payload)

    def _send(self, kind: int, payload: bytes) -> None:
        if self.is_lost:
            return
        # Masked with zeros: legal, and nothing to compute.
        size = len(payload)
        length = bytes([128 | size]) if size < 126 else b"\xfe" + size.to_bytes(2)
        self.transport.write(bytes([128 | kind]) + length + b"\0\0\0\0" + payload)
