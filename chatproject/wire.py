"""The way to one client: what the server gives us to send with, and what is sent."""

from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import Any

from autobahn.websocket.protocol import PreparedMessage

Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]


class Frame:
    """A text on its way to clients. What all of them are sent alike is made once."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def encoded(self) -> bytes:
        """A whole WebSocket frame, unmasked and not compressed."""
        message = PreparedMessage(
            self.text.encode(), isBinary=False, applyMask=False, doNotCompress=True
        )
        return bytes(message.payloadHybi)


class Wire:
    """ASGI's `send`, of any server. The servers that we know can do more: chatproject/backpressure.py."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def __call__(self, message: Message) -> None:
        """Waits while the client does not read."""
        await self._send(message)

    def write(self, frame: Frame) -> bool:
        """Sends it at once, or returns False: then there is no way around waiting."""
        return False


def wire_of(send: Send) -> Wire:
    return send if isinstance(send, Wire) else Wire(send)
