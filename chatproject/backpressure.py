"""A `send` that waits while the client does not read, and writes at once while it does.

daphne has no back-pressure: it hands every frame to Twisted's transport, which keeps whatever the client has
not taken yet. One stalled client cost 419 MB in 90 seconds. The transport does say when it holds enough
(64 KiB) and when all is gone, to whoever registers as its producer: docs/decisions/0007-slow-readers.md.

An event for a thousand sockets goes straight to their transports, as one frame that was made once: ASGI's way
through a task for each of them costs several times as much (docs/performance.md). Servers that are not known
here are asked in ASGI's way.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from daphne.ws_protocol import WebSocketProtocol
from twisted.internet.interfaces import IPushProducer
from twisted.internet.tcp import Connection
from zope.interface import implementer

from chatproject.wire import Frame, Message, Send, Wire

# A longer text goes out in fragments of this size. daphne would refuse one above the limit that it has for
# what comes in, and between fragments the client gets the chance to read.
FRAGMENT = 64 * 1024

Receive = Callable[[], Awaitable[Message]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


def with_back_pressure(application: Application) -> Application:
    """For the websocket branch, outermost: a wrapper around `send` would hide the server's protocol."""

    async def serve(scope: Message, receive: Receive, send: Send) -> None:
        protocol = daphne_behind(send)
        if protocol is None:
            known = uvicorn_behind(send)
            await application(scope, receive, UvicornWire(send, known) if known else send)
            return
        wire = DaphneWire(send, protocol)
        # What is registered there is the HTTP request that became this socket. It is over.
        protocol.transport.unregisterProducer()
        protocol.transport.registerProducer(wire, True)
        try:
            await application(scope, receive, wire)
        finally:
            # A transport with a paused producer would never finish closing.
            protocol.transport.unregisterProducer()

    return serve


def daphne_behind(send: Send) -> WebSocketProtocol | None:
    """daphne's `send` is `partial(server.handle_reply, protocol)`."""
    if isinstance(send, partial) and send.args and isinstance(send.args[0], WebSocketProtocol):
        return send.args[0]
    return None


def uvicorn_behind(send: Send) -> Any:
    """uvicorn's `send` is a method of its protocol. Not imported here: it need not be installed."""
    module = sys.modules.get("uvicorn.protocols.websockets.websockets_sansio_impl")
    protocol = getattr(send, "__self__", None)
    known = module is not None and isinstance(protocol, module.WebSocketsSansIOProtocol)
    return protocol if known else None


@implementer(IPushProducer)
class DaphneWire(Wire):
    def __init__(self, send: Send, protocol: WebSocketProtocol) -> None:
        super().__init__(send)
        self._protocol = protocol
        # While the transport holds enough.
        self._pause: asyncio.Event | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "websocket.send":
            await self._send_text(message)
        else:
            await self._send(message)

    def write(self, frame: Frame) -> bool:
        if self._pause or len(frame.encoded) > FRAGMENT:
            return False
        # Otherwise somebody is closing it already.
        if self._is_open:
            write_at_once(self._protocol.transport, frame.encoded)
        return True

    async def _send_text(self, message: Message) -> None:
        encoded = message["text"].encode()
        if not self._is_open:
            # daphne would raise.
            return
        if len(encoded) <= FRAGMENT:
            await self._send(message)
        else:
            await self._send_fragments(encoded)
        await self._wanted()

    async def _send_fragments(self, encoded: bytes) -> None:
        self._protocol.beginMessage()
        for start in range(0, len(encoded), FRAGMENT):
            await self._wanted()
            if not self._is_open:
                return
            self._protocol.sendMessageFrame(encoded[start : start + FRAGMENT])
        self._protocol.endMessage()

    @property
    def _is_open(self) -> bool:
        return bool(self._protocol.state == self._protocol.STATE_OPEN)

    async def _wanted(self) -> None:
        if self._pause:
            await self._pause.wait()

    # --- What the transport says ---------------------------------------------------------------

    def pauseProducing(self) -> None:
        self._pause = self._pause or asyncio.Event()

    def resumeProducing(self) -> None:
        if self._pause:
            self._pause.set()
            self._pause = None

    def stopProducing(self) -> None:
        # The connection is lost, so nobody needs to wait for it.
        self.resumeProducing()


def write_at_once(transport: Any, data: bytes) -> None:
    """Without a turn of the reactor, and a change of what it waits for, if nothing waits before it."""
    if is_idle(transport):
        written = transport.writeSomeData(data)
        # An exception if the connection is lost: the reactor finds that out by itself.
        if isinstance(written, int):
            data = data[written:]
    if data:
        transport.write(data)


def is_idle(transport: Any) -> bool:
    """A plain connection with nothing in its buffers."""
    return (
        isinstance(transport, Connection)
        and bool(transport.connected)
        and not (transport.TLS or transport.dataBuffer or transport._tempDataBuffer)
    )


class UvicornWire(Wire):
    """uvicorn waits by itself; its protocol tells when it would."""

    def __init__(self, send: Send, protocol: Any) -> None:
        super().__init__(send)
        self._protocol = protocol

    def write(self, frame: Frame) -> bool:
        protocol = self._protocol
        if not protocol.writable.is_set():
            return False
        if not (protocol.close_sent or protocol.disconnected or protocol.transport.is_closing()):
            protocol.transport.write(frame.encoded)
        return True
