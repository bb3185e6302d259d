"""What daphne lacks: a `send` that waits while the client does not read, and does not mind its size.

daphne hands every frame to Twisted's transport, which keeps whatever the client has not taken yet: one
stalled client cost 419 MB in 90 seconds. The transport does say when it holds enough (64 KiB) and when all
of it is gone, to whoever registers as its producer. Other servers wait by themselves and pass untouched.
See docs/decisions/0007-slow-readers.md.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from daphne.ws_protocol import WebSocketProtocol
from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer

# A longer text goes out in fragments of this size. daphne would refuse one above the limit that it has for
# what comes in, and between fragments the client gets the chance to read.
FRAGMENT = 64 * 1024

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


def with_back_pressure(application: Application) -> Application:
    """For the websocket branch, outermost: a wrapper around `send` would hide daphne's protocol."""

    async def serve(scope: Message, receive: Receive, send: Send) -> None:
        protocol = protocol_behind(send)
        if protocol is None:
            await application(scope, receive, send)
            return
        patient = PatientSend(send, protocol)
        # What is registered there is the HTTP request that became this socket. It is over.
        protocol.transport.unregisterProducer()
        protocol.transport.registerProducer(patient, True)
        try:
            await application(scope, receive, patient)
        finally:
            # A transport with a paused producer would never finish closing.
            protocol.transport.unregisterProducer()

    return serve


def protocol_behind(send: Send) -> WebSocketProtocol | None:
    """daphne's `send` is `partial(server.handle_reply, protocol)`."""
    if isinstance(send, partial) and send.args and isinstance(send.args[0], WebSocketProtocol):
        return send.args[0]
    return None


@implementer(IPushProducer)
class PatientSend:
    def __init__(self, send: Send, protocol: WebSocketProtocol) -> None:
        self._send = send
        self._protocol = protocol
        self._wanted = asyncio.Event()
        self._wanted.set()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "websocket.send":
            await self._send_text(message)
        else:
            await self._send(message)

    async def _send_text(self, message: Message) -> None:
        encoded = message["text"].encode()
        if not self._is_open:
            # Somebody is closing it already; daphne would raise.
            return
        if len(encoded) <= FRAGMENT:
            await self._send(message)
        else:
            await self._send_fragments(encoded)
        await self._wanted.wait()

    async def _send_fragments(self, encoded: bytes) -> None:
        self._protocol.beginMessage()
        for start in range(0, len(encoded), FRAGMENT):
            await self._wanted.wait()
            if not self._is_open:
                return
            self._protocol.sendMessageFrame(encoded[start : start + FRAGMENT])
        self._protocol.endMessage()

    @property
    def _is_open(self) -> bool:
        return bool(self._protocol.state == self._protocol.STATE_OPEN)

    # --- What the transport says ---------------------------------------------------------------

    def pauseProducing(self) -> None:
        self._wanted.clear()

    def resumeProducing(self) -> None:
        self._wanted.set()

    def stopProducing(self) -> None:
        # The connection is lost, so nobody needs to wait for it.
        self._wanted.set()
