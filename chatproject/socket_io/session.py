"""One connection of Engine.IO, which may begin by polling and change to a WebSocket.

The library's own session keeps an unbounded queue and several tasks for each socket, and fails with a
traceback at what it did not expect; so what a session keeps and waits for is told here
(docs/decisions/0019-socket-io.md).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import orjson
from engineio.async_socket import AsyncSocket
from engineio.exceptions import ContentTooLongError

from chatproject.socket_io.client import Client
from chatproject.socket_io.packets import Malformed
from chatproject.wire import Frame, Message, Wire, wire_of

if TYPE_CHECKING:
    from chatproject.socket_io.engine import Engine

# As daphne's own pings of WebSockets: a connection that is silently gone is noticed after 40 seconds.
PING_INTERVAL = 20
PING_TIMEOUT = 20
# How long somebody has to connect with credentials that are good, in seconds.
ENTRY_TIME = 10
# How long changing from polling to a WebSocket may take, in seconds.
UPGRADE_TIME = 10
# How long who polls has to fetch the last that there is to tell, in seconds.
LAST_WORDS = 5
# Of what comes in at once: the limit of bin/serve for a WebSocket. A packet's is MAX_FRAME_BYTES.
MAX_BODY_BYTES = 256 * 1024
# What waits for the next poll before whoever tells more has to wait, as in a WebSocket's buffer.
MAX_WAITING = 64 * 1024
SEPARATOR = "\x1e"
NORMAL_CLOSURE = 1000

OPEN, CLOSE, PING, PONG, MESSAGE, UPGRADE, NOOP = "0123456"
PROBE = "probe"
PING_FRAME = Frame(PING)

Receive = Callable[[], Awaitable[Message]]
Environ = dict[str, Any]


class Gone(Exception):
    """The client closed its WebSocket."""


class Session(AsyncSocket):
    # The library's, which sets them all to False.
    connected: bool
    upgrading: bool
    upgraded: bool
    closing: bool
    closed: bool

    def __init__(self, server: Engine, sid: str, scope: Message) -> None:
        super().__init__(server, sid)
        # Of the request by which the client last said something.
        self.scope = scope
        self.client = Client(self, server.chat)
        self.wire: Wire | None = None
        self.close_code = NORMAL_CLOSURE
        self._waiting: list[str] = []
        self._size = 0
        self._room: asyncio.Event | None = None
        self._poll: asyncio.Future[None] | None = None
        self._reading: asyncio.Timeout | None = None
        self._pinged = False
        self._timer = self._loop.call_later(ENTRY_TIME, self.end)

    @property
    def _loop(self) -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    @property
    def greeting(self) -> str:
        upgrades = [] if self.upgraded else ["websocket"]
        about = {
            "sid": self.sid,
            "upgrades": upgrades,
            "pingInterval": PING_INTERVAL * 1000,
            "pingTimeout": PING_TIMEOUT * 1000,
            "maxPayload": MAX_BODY_BYTES,
        }
        return OPEN + orjson.dumps(about).decode()

    def has_entered(self) -> None:
        """Now we know who it is, and stay in touch."""
        if self.closing:
            return
        self.server.strangers.pop(self, None)
        self._ping_later()

    # --- Out -----------------------------------------------------------------------------------

    @property
    def has_handed_over(self) -> bool:
        """All that was said is on its way to the client."""
        return not self._waiting

    def write(self, message: Frame) -> bool:
        """At once, or not at all."""
        if self.closing:
            return True
        if self.wire and not self._waiting:
            return self.wire.write(message)
        if self._size >= MAX_WAITING:
            return False
        self._keep(message.text)
        return True

    async def say(self, message: Frame) -> None:
        """Waits while the client does not take what was said before."""
        while self._size >= MAX_WAITING and not self.closing:
            self._room = self._room or asyncio.Event()
            await self._room.wait()
        if self.closing:
            return
        if self.wire and not self._waiting:
            await self.wire({"type": "websocket.send", "text": message.text})
        else:
            self._keep(message.text)

    def _keep(self, text: str) -> None:
        self._waiting.append(text)
        self._size += len(text)
        if self._poll and not self._poll.done():
            self._poll.set_result(None)

    def _take_waiting(self) -> list[str]:
        texts, self._waiting, self._size = self._waiting, [], 0
        if self._room:
            self._room.set()
            self._room = None
        return texts

    # --- Pings ---------------------------------------------------------------------------------

    def _ping_later(self) -> None:
        self._timer.cancel()
        self._pinged = False
        self._timer = self._loop.call_later(PING_INTERVAL, self._ping)

    def _ping(self) -> None:
        self._pinged = True
        self._timer = self._loop.call_later(PING_TIMEOUT, self.end)
        if self.wire is None:
            # However full: who does not even fetch a ping is gone soon.
            self._keep(PING)
        elif not self.wire.write(PING_FRAME):
            self.client.say_soon(PING_FRAME)

    # --- In ------------------------------------------------------------------------------------

    def take(self, packet: str | bytes) -> None:
        if self.closing:
            return
        match packet[:1]:
            case "4" if isinstance(packet, str):
                self.client.take(packet[1:])
            case "3" if self._pinged:
                self._ping_later()
            case "1":
                self.end()
            case "b":
                self.client.take_binary()
            case bytes() if packet:
                self.client.take_binary()
            case _:
                raise Malformed

    async def handle_post_request(self, environ: Environ) -> None:
        body: bytes = await environ["wsgi.input"].read(MAX_BODY_BYTES + 1)
        if self.closing:
            return
        if len(body) > MAX_BODY_BYTES:
            raise ContentTooLongError
        self.scope = environ["asgi.scope"]
        for packet in _text(body).split(SEPARATOR):
            self.take(packet)

    async def handle_get_request(self, environ: Environ) -> dict[str, Any] | str:
        if environ["asgi.scope"]["type"] == "websocket":
            await self._serve_socket(environ)
            return ""
        if not self.connected:
            self.connected = True
            return _polled([self.greeting])
        return _polled(await self._next_texts(environ["asgi.receive"]))

    async def _next_texts(self, receive: Receive) -> list[str]:
        if self._poll or self.upgraded:
            # Two at once: one of them is not ours.
            raise Malformed
        if self.upgrading:
            return [NOOP]
        if not self._waiting:
            await self._something_waits(receive)
        texts = self._take_waiting()
        if self.closing:
            self._forget()
        return texts or [NOOP]

    async def _something_waits(self, receive: Receive) -> None:
        self._poll = self._loop.create_future()
        leaving = asyncio.create_task(_departure(receive))
        try:
            await asyncio.wait([self._poll, leaving], return_when=asyncio.FIRST_COMPLETED)
            if leaving.done() and not self._poll.done():
                self.end()
        finally:
            leaving.cancel()
            self._poll = None

    # --- As a WebSocket ------------------------------------------------------------------------

    async def _serve_socket(self, environ: Environ) -> None:
        receive, wire = environ["asgi.receive"], wire_of(environ["asgi.send"])
        try:
            await wire({"type": "websocket.accept"})
            await self._take_socket(receive, wire)
            self.scope = environ["asgi.scope"]
            await self._read(receive)
        except (Malformed, TimeoutError):
            await _close(wire, self.close_code)
        except (Gone, OSError):
            return
        finally:
            if self.wire is wire:
                self.end()
                await self.client.left()

    async def _take_socket(self, receive: Receive, wire: Wire) -> None:
        if self.connected:
            async with asyncio.timeout(UPGRADE_TIME):
                await self._upgrade(receive, wire)
        else:
            self.connected = self.upgraded = True
            self.wire = wire
            await wire({"type": "websocket.send", "text": self.greeting})

    async def _upgrade(self, receive: Receive, wire: Wire) -> None:
        await _expect(PING + PROBE, receive)
        if self.upgrading or self.upgraded:
            raise Malformed
        self.upgrading = True
        try:
            await wire({"type": "websocket.send", "text": PONG + PROBE})
            if self._poll:
                self._keep(NOOP)
            await _expect(UPGRADE, receive)
            self.upgraded, self.wire = True, wire
        finally:
            self.upgrading = False
        await self._write_waiting(wire)

    async def _write_waiting(self, wire: Wire) -> None:
        """It waited for a poll, and goes before anything that is said from now on."""
        while self._waiting:
            await wire({"type": "websocket.send", "text": self._waiting[0]})
            self._size -= len(self._waiting.pop(0))
        self._take_waiting()

    async def _read(self, receive: Receive) -> None:
        """Until somebody ends it."""
        try:
            async with asyncio.timeout(0 if self.closing else None) as self._reading:
                while True:
                    self.take(_packet(await receive()))
        finally:
            self._reading = None

    # --- The end -------------------------------------------------------------------------------

    def end(self, code: int = NORMAL_CLOSURE) -> None:
        """Says goodbye in the way of the transport. Returns at once, and never raises."""
        if self.closing:
            return
        self.closing, self.close_code = True, code
        self.server.strangers.pop(self, None)
        self._timer.cancel()
        self.client.leave()
        if self._room:
            self._room.set()
        if self.wire is None:
            self._keep(CLOSE)
            self._timer = self._loop.call_later(LAST_WORDS, self._forget)
        else:
            self._forget()
            if self._reading:
                self._reading.reschedule(0)

    def _forget(self) -> None:
        self._timer.cancel()
        self.closed = True
        self.server.sockets.pop(self.sid, None)

    async def close(self, wait: bool = True, abort: bool = False, reason: Any = None) -> None:
        """As the library calls it."""
        self.end()


async def _departure(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _expect(packet: str, receive: Receive) -> None:
    if _packet(await receive()) != packet:
        raise Malformed


def _packet(message: Message) -> str | bytes:
    if message["type"] != "websocket.receive":
        raise Gone
    packet: str | bytes = message.get("text") or message.get("bytes") or ""
    if len(packet) > MAX_BODY_BYTES:
        raise Malformed
    return packet


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Malformed from error


def _polled(texts: list[str]) -> dict[str, Any]:
    return {
        "status": "200 OK",
        "headers": [("Content-Type", "text/plain; charset=UTF-8")],
        "response": SEPARATOR.join(texts).encode(),
    }


async def _close(wire: Wire, code: int) -> None:
    """Who is gone already needs none."""
    try:
        async with asyncio.timeout(LAST_WORDS):
            await wire({"type": "websocket.close", "code": int(code)})
    except OSError:
        # Also TimeoutError, of who does not read.
        return
