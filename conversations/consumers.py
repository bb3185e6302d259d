"""The edge of the live chat: one consumer per open socket, which owns its receive loop.

One task per socket, which reads at once whatever comes, and none in the channel layer. A second one carries
commands out in their order, while there are any. What is published arrives through the hub (`deliver`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from math import ceil
from time import monotonic
from typing import Any
from uuid import uuid4

from channels.consumer import AsyncConsumer
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.shapes import person_shape
from accounts.websocket import Identity, chosen_protocol, identify, identify_token
from chatproject.close_codes import CloseCode
from chatproject.errors import Forbidden, SignInRequired, TooMany, describe
from chatproject.events import Authenticate, Authenticated, Connected, Event, encode
from chatproject.frames import FrameId, id_of, open_frame, refusal
from chatproject.inbox import FrameLimit, Inbox, Overflow
from chatproject.outbox import Outbox
from chatproject.wire import Frame, wire_of
from conversations.capabilities import capabilities
from conversations.caretaker import Caretaker
from conversations.commands import Caller, perform

logger = logging.getLogger(__name__)

# How long somebody who brought no credentials has to send them, in seconds.
AUTHENTICATION_TIME = 5
# How long an expired token still counts: its renewal may be on the way, and clocks differ, in seconds.
EXPIRY_LEEWAY = 10
# Older than this, the actor and their session are read anew before a command, in seconds.
ACTOR_AGE = 5
# Commands received before the client left are carried out if they take no longer than this, in seconds.
FINISHING_TIME = 5

CLOSE_CODES = {
    400: CloseCode.SIGN_IN,
    401: CloseCode.SIGN_IN,
    403: CloseCode.REVOKED,
    429: CloseCode.TOO_FAST,
    503: CloseCode.RESTARTING,
}

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class SessionEnded(Exception):
    """Nothing is done any more in the name of a revoked session."""


class ChatConsumer(AsyncConsumer):
    # Whether one may come first and say afterwards who one is.
    admits_strangers = True

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        await receive()
        try:
            identity = await identify(scope)
            if identity is None and not self.admits_strangers:
                raise SignInRequired
        except Exception as error:
            await turn_away(error, scope, send)
            return
        await send({"type": "websocket.accept", "subprotocol": chosen_protocol(scope)})
        self.caretaker = await Caretaker.running()
        self.connection_id = uuid4().hex
        self.inbox = Inbox()
        self.outbox = Outbox(wire_of(send), when_closed=self._stop_reading)
        self.limit = FrameLimit()
        self.newcomer = identity
        self.has_entered = False
        self.language = settings.LANGUAGE_CODE
        self.serving: asyncio.Task[None] | None = None
        self.reading: asyncio.Timeout | None = None
        # By when we need to know (again) who this is.
        self.expiry: asyncio.TimerHandle | None = None
        await self._stay(receive)

    # --- As the hub sees it --------------------------------------------------------------------

    @property
    def user_id(self) -> int:
        return self.identity.user.pk

    @property
    def session_id(self) -> int:
        return self.identity.session_id

    def deliver(self, frame: Frame) -> None:
        self.outbox.tell(frame)

    def close(self, code: int) -> None:
        self.outbox.close(code)

    # --- From the first moment to the last -----------------------------------------------------

    async def _stay(self, receive: Receive) -> None:
        try:
            if self.newcomer:
                self._serve_soon()
            else:
                self._expire_in(AUTHENTICATION_TIME, self._refuse_stranger)
            await self._read(receive)
            await self._finish()
        finally:
            await self._leave()

    def _serve_soon(self) -> None:
        if self.serving is None and not self.outbox.is_closing:
            self.serving = asyncio.create_task(self._serve())

    async def _serve(self) -> None:
        """While there is something to do."""
        try:
            if self.has_entered or await self._has_been_let_in():
                while (frame := self.inbox.take()) is not None:
                    with override(self.language):
                        await self._carry_out(frame)
                    await self.outbox.room_for_answers()
        finally:
            self.serving = None

    async def _has_been_let_in(self) -> bool:
        try:
            await self._enter(self.newcomer or await self._authenticate())
        except Exception as error:
            self.close(close_code_for(error))
        return not self.outbox.is_closing

    async def _authenticate(self) -> Identity:
        """By the first frame; nothing else is listened to before it."""
        answer_to = None
        self._stop_waiting()
        try:
            envelope = open_frame(self.inbox.take() or "")
            answer_to = envelope.id
            command = envelope.command()
            if not isinstance(command, Authenticate):
                raise SignInRequired
            identity = await identify_token(command.token)
        except Exception as error:
            self._answer(refusal(error), answer_to)
            raise
        self._answer(authenticated(identity), answer_to)
        return identity

    def _refuse_stranger(self) -> None:
        self._answer(refusal(SignInRequired()))
        self.close(CloseCode.SIGN_IN)

    async def _enter(self, identity: Identity) -> None:
        self.newcomer = None
        self._adopt(identity)
        hub = self.caretaker.hub
        if len(hub.connections.get(self.user_id, ())) >= settings.SOCKETS_PER_PERSON:
            raise TooMany
        self.has_entered = True
        await hub.join(self)
        await self.caretaker.arrive(user_id=self.user_id, connection_id=self.connection_id)
        self._answer(
            Connected(
                connection_id=self.connection_id,
                user=person_shape(identity.user),
                capabilities=capabilities(),
            )
        )

    def _adopt(self, identity: Identity) -> None:
        self.identity = identity
        self.language = identity.user.language
        self.checked_at = monotonic()
        self.limit.belongs_to(identity.user.pk)
        self._stop_waiting()
        if identity.expires_at:
            left = (identity.expires_at - timezone.now()).total_seconds() + EXPIRY_LEEWAY
            self._expire_in(left, self.close, CloseCode.SIGN_IN)

    def _expire_in(self, seconds: float, consequence: Callable[..., None], *arguments: Any) -> None:
        loop = asyncio.get_running_loop()
        self.expiry = loop.call_later(seconds, consequence, *arguments)

    def _stop_waiting(self) -> None:
        if self.expiry:
            self.expiry.cancel()

    async def _finish(self) -> None:
        """What was said before the end: by us, if we are closing, or else by the client."""
        if self.outbox.is_closing:
            await self.outbox.closed()
        elif self.serving:
            await asyncio.wait([self.serving], timeout=FINISHING_TIME)

    async def _leave(self) -> None:
        # Ends the serving also if its cancellation gets lost on the way.
        self.inbox.clear()
        try:
            if self.serving:
                self.serving.cancel()
                await asyncio.wait([self.serving])
            await self.outbox.stop()
        finally:
            self._stop_waiting()
            if self.has_entered:
                self.caretaker.depart(self.connection_id)
                self.caretaker.hub.leave(self)

    # --- Frames in, commands out ---------------------------------------------------------------

    async def _read(self, receive: Receive) -> None:
        """Until the client leaves or is told to."""
        try:
            async with asyncio.timeout(None) as self.reading:
                while not self.outbox.is_closing:
                    message = await receive()
                    if message["type"] == "websocket.disconnect":
                        return
                    self._take(message.get("text") or message.get("bytes") or "")
        except TimeoutError:
            logger.debug("Closed connection %s", self.connection_id)
        finally:
            self.reading = None

    def _stop_reading(self) -> None:
        if self.reading:
            self.reading.reschedule(0)

    def _take(self, frame: str | bytes) -> None:
        try:
            if wait := self.limit.wait():
                self.limit.count_refusal()
                with override(self.language):
                    self._answer(refusal(TooMany(retry_after=ceil(wait))), id_of(frame))
            else:
                self.inbox.put(frame)
                self._serve_soon()
        except Overflow:
            self.close(CloseCode.TOO_FAST)

    async def _carry_out(self, frame: str | bytes) -> None:
        answer_to = None
        try:
            envelope = open_frame(frame)
            answer_to = envelope.id
            command = envelope.command()
            if isinstance(command, Authenticate):
                await self._renew(command, answer_to)
            elif text := await perform(command, await self._caller(), answer_to):
                self.outbox.answer(Frame(text))
        except SessionEnded:
            self.close(CloseCode.REVOKED)
        except Exception as error:
            self._answer(refusal(error), answer_to)

    async def _renew(self, command: Authenticate, answer_to: FrameId) -> None:
        identity = await identify_token(command.token)
        if identity.user.pk != self.user_id:
            raise Forbidden(_("This is somebody else's token."), code="another_person")
        self._adopt(identity)
        self._answer(authenticated(identity), answer_to)

    async def _caller(self) -> Caller:
        if monotonic() - self.checked_at > ACTOR_AGE:
            session = await self.caretaker.sessions.get(self.session_id)
            if session is None:
                raise SessionEnded
            self.identity = replace(self.identity, user=session.user)
            self.language = session.user.language
            self.checked_at = monotonic()
        return Caller(self.identity.user, self.connection_id)

    def _answer(self, event: Event, answer_to: FrameId = None) -> None:
        self.outbox.answer(Frame(encode(event, answer_to)))


class IntroducedConsumer(ChatConsumer):
    """For clients that bring their credentials when they come, or else have none."""

    admits_strangers = False


async def turn_away(error: Exception, scope: Message, send: Send) -> None:
    """A page of a stranger is not even accepted. Others learn from the code what to do."""
    report = describe(error)
    code = CLOSE_CODES.get(report.status, CloseCode.INTERNAL_ERROR)
    reason = report.body["errors"][0]["code"]
    if code != CloseCode.REVOKED:
        await send({"type": "websocket.accept", "subprotocol": chosen_protocol(scope)})
    await send({"type": "websocket.close", "code": int(code), "reason": reason})


def close_code_for(error: Exception) -> CloseCode:
    return CLOSE_CODES.get(describe(error).status, CloseCode.INTERNAL_ERROR)


def authenticated(identity: Identity) -> Authenticated:
    return Authenticated(user=person_shape(identity.user), expires_at=identity.expires_at)
