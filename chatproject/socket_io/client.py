"""A client of Socket.IO. To the chat it is an ordinary WebSocket, and this is the way to it."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from chatproject.close_codes import CloseCode
from chatproject.socket_io import packets
from chatproject.socket_io.confirmations import Confirmations
from chatproject.socket_io.packets import CONFIRMING, Malformed, Seen, Told, heard, told
from chatproject.wire import Frame, Message, Wire

if TYPE_CHECKING:
    from chatproject.backpressure import Application
    from chatproject.socket_io.session import Session

logger = logging.getLogger(__name__)

# After these a client must do something before it comes back, so it is told not to do that by itself.
FINAL = (CloseCode.SIGN_IN, CloseCode.REVOKED)


class Client(Wire):
    """What the chat's consumer is given as `send`, and what it is told."""

    def __init__(self, session: Session, chat: Application) -> None:
        self.session = session
        self.is_in = False
        self.user_id = 0
        # What happened between joining the chat and its greeting, which comes first here.
        self._early: list[Told] = []
        self._chat = chat
        self._inbox: asyncio.Queue[Message] | None = None
        self._serving: asyncio.Task[None] | None = None
        self._saying: set[asyncio.Task[None]] = set()
        self._confirmations = Confirmations(self)

    # --- In ------------------------------------------------------------------------------------

    def take(self, packet: str) -> None:
        match packet[:1]:
            case "0":
                self._enter(packets.credentials(packet))
            case "1":
                self.session.end()
            case "2" | "5":
                self._take_event(packet)
            case _:
                raise Malformed

    def take_binary(self) -> None:
        """The chat says what it thinks of that, whatever it is."""
        self._hand_in({"type": "websocket.receive", "bytes": b"-"})

    def tell_chat(self, frame: str) -> None:
        self._hand_in({"type": "websocket.receive", "text": frame})

    def leave(self) -> None:
        self._confirmations.stop()
        if self._inbox is not None:
            self._inbox.put_nowait({"type": "websocket.disconnect", "code": 1000})

    async def left(self) -> None:
        """Once the chat has carried out what the client said before it left."""
        if self._serving:
            await asyncio.wait([self._serving])

    def _enter(self, credentials: Any) -> None:
        if self._inbox is not None:
            raise Malformed
        self._inbox = asyncio.Queue()
        self._hand_in({"type": "websocket.connect"})
        self._serving = asyncio.create_task(self._serve(credentials))

    async def _serve(self, credentials: Any) -> None:
        assert self._inbox is not None
        try:
            await self._chat(scope_of(self.session.scope, credentials), self._inbox.get, self)
        except Exception:
            logger.exception("The chat failed a client of Socket.IO")
            self.session.end(CloseCode.INTERNAL_ERROR)
        finally:
            self.session.end()

    def _take_event(self, packet: str) -> None:
        event = heard(packet)
        if event.command == CONFIRMING:
            self._confirmations.stop()
        self.tell_chat(event.frame)
        if event.acknowledgement and not self.session.write(event.acknowledgement):
            self.say_soon(event.acknowledgement)

    def _hand_in(self, message: Message) -> None:
        if self._inbox is None:
            # Nobody says anything before saying who they are.
            raise Malformed
        self._inbox.put_nowait(message)

    # --- Out, as the chat's consumer sees it ---------------------------------------------------

    def write(self, frame: Frame) -> bool:
        if not self.is_in:
            return False
        news = told(frame)
        if news.message is None:
            return True
        is_written = self.session.write(news.message)
        if is_written:
            self._note(news.seen)
        return is_written

    async def __call__(self, message: Message) -> None:
        match message["type"]:
            case "websocket.send":
                await self._tell(told(Frame(message["text"])))
            case "websocket.close":
                await self._see_off(message.get("code") or 1000, message.get("reason", ""))

    def say_soon(self, message: Frame) -> None:
        """Where nothing can be written at once."""
        saying = asyncio.create_task(self.session.say(message))
        self._saying.add(saying)
        saying.add_done_callback(self._saying.discard)

    async def _tell(self, news: Told) -> None:
        if self.is_in:
            await self._say(news)
        elif news.greeting:
            await self._welcome(news, news.greeting)
        else:
            self._early.append(news)

    async def _say(self, news: Told) -> None:
        if news.message is not None:
            await self.session.say(news.message)
            self._note(news.seen)

    async def _welcome(self, greeting: Told, connected: dict[str, Any]) -> None:
        self.user_id = connected["user"]["id"]
        self.session.has_entered()
        await self.session.say(packets.welcome(connected["connectionId"]))
        for news in (greeting, *self._early):
            await self._say(news)
        self._early.clear()
        self.is_in = True

    async def _see_off(self, code: int, reason: str) -> None:
        try:
            if self.is_in:
                await self.session.say(packets.event("closed", {"code": code}))
            if code in FINAL:
                refusal = packets.refusal(reason or "not_authenticated", closeCode=code)
                await self.session.say(packets.FAREWELL if self.is_in else refusal)
        finally:
            self.session.end(code)

    def part(self, code: int) -> None:
        """At once: the server ends."""
        if self.is_in:
            self.session.write(packets.event("closed", {"code": code}))
        self.session.end(code)

    def _note(self, seen: tuple[Seen, ...]) -> None:
        for message in seen:
            if message.sender_id != self.user_id:
                self._confirmations.add(message)


def scope_of(scope: Message, credentials: Any) -> Message:
    """As if the client had opened a WebSocket of its own, with its token in the header."""
    headers = list(scope["headers"])
    token = credentials.get("token") if isinstance(credentials, dict) else None
    if token and isinstance(token, str):
        headers = [(name, value) for name, value in headers if name.lower() != b"authorization"]
        headers.append((b"authorization", b"Bearer " + token.encode()))
    return {
        "type": "websocket",
        "path": scope["path"],
        "headers": headers,
        "client": scope.get("client"),
        "subprotocols": [],
    }
