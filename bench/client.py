"""A WebSocket client that costs next to nothing, so that what is measured is the server.

It speaks as much of RFC 6455 as our server answers with: text frames, pings, closes.
"""

from __future__ import annotations

import asyncio
import secrets
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import orjson

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
OPEN_TIMEOUT = 20

Listener = Callable[[dict[str, Any]], None]


class Socket(asyncio.Protocol):
    """Hands each event to its listener, in the event loop's own time."""

    def __init__(self, on_event: Listener) -> None:
        self.on_event = on_event
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._buffer = b""
        self._is_upgraded = False

    @classmethod
    async def open(cls, port: int, token: str, on_event: Listener) -> Socket:
        loop = asyncio.get_running_loop()
        _transport, socket = await loop.create_connection(lambda: cls(on_event), "127.0.0.1", port)
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
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(ConnectionError(f"Refused: {self._buffer[:200]!r}"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._is_upgraded:
            head, separator, rest = self._buffer.partition(b"\r\n\r\n")
            if not separator:
                return
            if b" 101 " not in head:
                self.transport.close()
                return
            self._is_upgraded, self._buffer = True, rest
        while self._take_frame():
            pass

    def _take_frame(self) -> bool:
        buffer = self._buffer
        if len(buffer) < 2:
            return False
        start, length = 2, buffer[1]
        if length >= 126:
            start = 4 if length == 126 else 10
            length = int.from_bytes(buffer[2:start])
        if len(buffer) < start + length:
            return False
        payload, self._buffer = buffer[start : start + length], buffer[start + length :]
        self._hear(buffer[0] & 15, payload)
        return True

    def _hear(self, kind: int, payload: bytes) -> None:
        if kind == PING:
            self._send(PONG, payload)
        elif kind == TEXT:
            event = orjson.loads(payload)
            if event["event"] == "connected":
                self.opened.set_result(None)
            self.on_event(event)

    def _send(self, kind: int, payload: bytes) -> None:
        # Masked with zeros: legal, and nothing to compute.
        size = len(payload)
        length = bytes([128 | size]) if size < 126 else b"\xfe" + size.to_bytes(2)
        self.transport.write(bytes([128 | kind]) + length + b"\0\0\0\0" + payload)
