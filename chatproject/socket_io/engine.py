"""Engine.IO for this process: who is connected, and who may be. The library does the talking over HTTP."""

import asyncio
import logging
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from engineio import AsyncServer

from accounts.websocket import is_own_origin
from chatproject.backpressure import Application, Receive
from chatproject.close_codes import CloseCode
from chatproject.socket_io.session import MAX_BODY_BYTES, Environ, Session
from chatproject.wire import Message, Send
from conversations.consumers import IntroducedConsumer

logger = logging.getLogger(__name__)
# The library's. What it tells below a warning is of no use, and some of it is what people wrote.
logger.setLevel(logging.WARNING)

# Sessions that have not said who they are. Who has got in does so within a second; over this many the
# oldest makes room for the next.
MAX_STRANGERS = 500
# How long the chat may take to part from those who poll, when the server ends, in seconds.
PARTING_TIME = 10
METHODS = ("GET", "POST", "OPTIONS")


class Engine(AsyncServer):
    """An ASGI application for both transports."""

    def __init__(self, chat: Application) -> None:
        super().__init__(
            async_mode="asgi",
            # Each session has its own timer instead.
            monitor_clients=False,
            max_http_buffer_size=MAX_BODY_BYTES,
            # A page of messages is secret, and in part chosen by others.
            http_compression=False,
            cors_allowed_origins=may_call,
            logger=logger,
            async_handlers=False,
        )
        self.chat = chat
        # By age.
        self.strangers: dict[Session, None] = {}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        first = await receive()
        if not is_understood(scope):
            await refuse(scope, send)
        elif first["type"] != "http.disconnect":
            await self.handle_request(scope, Replay(first, receive), send)

    async def part(self) -> None:
        """From all, before the server ends. WebSockets it closes itself."""
        sessions = list(self.sockets.values())
        for session in sessions:
            session.client.part(CloseCode.RESTARTING)
        if sessions:
            leaving = [asyncio.create_task(session.client.left()) for session in sessions]
            await asyncio.wait(leaving, timeout=PARTING_TIME)

    # --- As the library wants it ---------------------------------------------------------------

    async def _handle_connect(
        self, environ: Environ, transport: str, jsonp_index: int | None = None
    ) -> dict[str, Any] | str:
        if len(self.strangers) >= MAX_STRANGERS:
            next(iter(self.strangers)).end()
        session = Session(self, self.generate_id(), environ["asgi.scope"])
        self.sockets[session.sid] = session
        self.strangers[session] = None
        return await session.handle_get_request(environ)

    def create_queue(self, *args: Any, **kwargs: Any) -> None:
        """A session keeps by itself what waits."""

    async def _make_response(self, response_dict: dict[str, Any], environ: Environ) -> Any:
        response_dict["headers"] += [
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return await super()._make_response(response_dict, environ)

    def _log_error_once(self, message: str, message_key: str) -> None:
        """What strangers do wrong is no error of ours."""


class Replay:
    """A `receive` of which one message has been read already."""

    def __init__(self, first: Message, receive: Receive) -> None:
        self._first: Message | None = first
        self._receive = receive

    async def __call__(self) -> Message:
        first, self._first = self._first, None
        return first or await self._receive()


def may_call(origin: str | None, environ: Environ) -> bool:
    """Our own pages, and those of the origins that the settings name. Apps have no origin."""
    if origin is None:
        return False
    own = is_own_origin(origin, host=environ.get("HTTP_HOST", ""))
    return own or origin in settings.SOCKET_IO_ORIGINS


def is_understood(scope: Message) -> bool:
    """Protocol 4, by a transport that is what it says. JSONP would go past the rules for other origins."""
    query = parse_qs(scope["query_string"].decode("latin-1"))
    transport = "websocket" if scope["type"] == "websocket" else "polling"
    return (
        scope.get("method", "GET") in METHODS
        and query.get("transport") == [transport]
        and query.get("EIO") == ["4"]
        and len(query.get("sid", ())) <= 1
        and "j" not in query
    )


async def refuse(scope: Message, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close"})
        return
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 400, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"code":5,"message":"Bad request"}'})


ENGINE = Engine(IntroducedConsumer.as_asgi())
