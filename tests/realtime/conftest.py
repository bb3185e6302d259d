"""Sockets through the whole application, as a client has them."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from channels.testing import WebsocketCommunicator
from django.conf import settings

from accounts.models import User
from chatproject.asgi import application
from chatproject.realtime import Hub
from chatproject.socket_io.engine import ENGINE
from chatproject.threads import in_thread
from conversations.caretaker import Caretaker
from conversations.models import Participant
from conversations.services.conversations import create_group, get_or_create_direct
from conversations.writer import Writer
from tests.conftest import access_token
from tests.realtime.socket_io import Client, Poller, Visitor, WebSocketClient

Frame = dict[str, Any]
ANSWER_TIME = 10
# Long enough for an event that is on its way, in the same process.
SILENCE = 0.2


class Socket:
    """One device's connection."""

    def __init__(self, communicator: WebsocketCommunicator) -> None:
        self.communicator = communicator
        self.questions = 0

    async def open(self) -> "Socket":
        accepted, self.protocol = await self.communicator.connect(timeout=ANSWER_TIME)
        assert accepted, f"refused with {self.protocol}"
        return self

    async def say(self, event: str, data: Any = None, **envelope: Any) -> None:
        await self.say_text(json.dumps({"event": event, "data": data or {}, **envelope}))

    async def say_text(self, text: str) -> None:
        await self.communicator.send_input({"type": "websocket.receive", "text": text})

    async def ask(self, event: str, data: Any = None) -> Frame:
        """The answer, whatever else arrives before it."""
        self.questions += 1
        await self.say(event, data, id=self.questions)
        return await self.answer_to(self.questions)

    async def answer_to(self, question: str | int) -> Frame:
        while True:
            frame = await self.hear()
            if frame.get("id") == question:
                return frame

    async def hear(self, name: str = "") -> Frame:
        """The next frame, or the next one of this name."""
        while True:
            message = await self.communicator.receive_output(ANSWER_TIME)
            assert message["type"] == "websocket.send", message
            frame: Frame = json.loads(message["text"])
            if name in ("", frame["event"]):
                return frame

    async def hears_nothing(self, *, of: str = "", within: float = SILENCE) -> bool:
        """No frame at all, or none of this name."""
        return not [
            frame for frame in await self.hears(within=within) if of in ("", frame["event"])
        ]

    async def hears(self, *, within: float) -> list[Frame]:
        """All that arrives in this time."""
        frames = []
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                while True:
                    # Not by waiting for the next: the communicator ends a socket that says nothing.
                    while not self.communicator.output_queue.empty():
                        frames.append(await self.hear())
                    await asyncio.sleep(0.01)
        return frames

    async def closed_with(self, *, within: float = ANSWER_TIME) -> int:
        while True:
            message = await self.communicator.receive_output(within)
            if message["type"] == "websocket.close":
                code: int = message["code"]
                return code

    async def leave(self) -> None:
        await self.communicator.disconnect(timeout=ANSWER_TIME)


OpenSocket = Callable[..., Awaitable[Socket]]


@pytest.fixture
async def knock() -> AsyncIterator[Callable[..., Socket]]:
    """`knock(**headers)` is a socket that is not open yet, in whatever way it identifies itself."""
    sockets: list[Socket] = []

    def knocked(*, path: str = "/ws/chat/", protocols: list[str] = [], **headers: str) -> Socket:  # noqa: B006
        raw = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
        socket = Socket(WebsocketCommunicator(application, path, raw, protocols))
        sockets.append(socket)
        return socket

    yield knocked
    for socket in sockets:
        if hasattr(socket.communicator, "future"):
            await socket.leave()
    if Writer.current:
        await Writer.current.stop()
    if Caretaker.current:
        await Caretaker.current.stop()
    if Hub.current:
        await Hub.current.stop()


@pytest.fixture
def connect(knock: Callable[..., Socket]) -> OpenSocket:
    """`await connect(alice)` is an open socket on a new device of Alice, past its greeting."""

    async def connected(user: User) -> Socket:
        token = await in_thread(access_token, user)
        socket = await knock(authorization=f"Bearer {token}").open()
        await socket.hear("connected")
        return socket

    return connected


@pytest.fixture
def direct(alice: User, bob: User) -> Participant:
    """Alice's place in her conversation with Bob."""
    place, _created = get_or_create_direct(actor=alice, target_user_id=bob.pk)
    return place


@pytest.fixture
def group(alice: User, bob: User, carol: User) -> Participant:
    return create_group(actor=alice, title="Lunch", member_ids=[bob.pk, carol.pk])


@pytest.fixture
def no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SOCKET_FRAMES_PER_SECOND", 100_000)
    monkeypatch.setattr(settings, "SOCKET_FRAMES_BURST", 100_000)


# --- Socket.IO ---------------------------------------------------------------------------------


@pytest.fixture
async def http(knock: Callable[..., Socket]) -> AsyncIterator[httpx.AsyncClient]:
    """For polling. After `knock`, so that the chat is there until the last has left."""
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client
    await ENGINE.part()
    ENGINE.sockets.clear()


@pytest.fixture(params=["websocket", "polling"])
def visitor(request, knock: Callable[..., Socket], http: httpx.AsyncClient) -> Visitor:
    """`await visitor(**headers)` speaks Socket.IO, by each transport in turn, and has not said who it is."""

    async def visiting(**headers: str) -> Client:
        if request.param == "websocket":
            return await WebSocketClient(knock, **headers).open()
        return await Poller(http, **headers).open()

    return visiting


@pytest.fixture
def guest(visitor: Visitor) -> Callable[..., Awaitable[Client]]:
    """`await guest(alice)` is a client of Socket.IO on a new device of Alice, past its greeting."""

    async def entered(user: User) -> Client:
        client = await visitor()
        await client.enter(token=await in_thread(access_token, user))
        await client.hear("connected")
        return client

    return entered
