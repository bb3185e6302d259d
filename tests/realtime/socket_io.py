"""The least that speaks Socket.IO, by each transport, against the whole application in this process."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from accounts.models import User
from chatproject.threads import in_thread
from tests.conftest import access_token

PATH = "/socket.io/"
WEBSOCKET = f"{PATH}?EIO=4&transport=websocket"
HELLO = {"EIO": "4", "transport": "polling"}
SEPARATOR = "\x1e"
MESSAGE = "4"
CONNECT, DISCONNECT, EVENT, ACKNOWLEDGEMENT, REFUSED = "01234"

Packet = tuple[str, Any]
# How long an answer may take.
ANSWER_TIME = 10


class Client:
    """Packets of Socket.IO over a transport that takes and gives messages of Engine.IO."""

    questions = 0

    async def send(self, message: str) -> None:
        raise NotImplementedError

    async def receive(self) -> str:
        raise NotImplementedError

    async def enter(self, **credentials: Any) -> Packet:
        """The answer to having said who one is."""
        await self.send(MESSAGE + CONNECT + (json.dumps(credentials) if credentials else ""))
        return await self.hear_packet()

    async def say(self, name: str, data: Any, number: int | str = "") -> None:
        await self.send(f"42{number}" + json.dumps([name, data]))

    async def ask(self, name: str, data: Any) -> Any:
        """What the callback gets."""
        self.questions += 1
        await self.say(name, data, self.questions)
        while True:
            kind, answer = await self.hear_packet()
            if kind == f"{ACKNOWLEDGEMENT}{self.questions}":
                return answer[0]

    async def hear(self, name: str) -> Any:
        while True:
            kind, content = await self.hear_packet()
            if kind == EVENT and content[0] == name:
                return content[1]

    async def hear_packet(self) -> Packet:
        while True:
            message = await self.receive()
            if message.startswith(MESSAGE):
                return parsed(message[1:])
            assert message[0] in "06", f"{message} instead of a packet"

    async def is_cut_off(self) -> bool:
        raise NotImplementedError


class WebSocketClient(Client):
    def __init__(self, knock: Callable[..., Any], **headers: str) -> None:
        self.socket = knock(path=WEBSOCKET, upgrade="websocket", **headers)

    async def open(self) -> "WebSocketClient":
        await self.socket.open()
        assert (await self.receive()).startswith("0")
        return self

    async def send(self, message: str) -> None:
        await self.socket.say_text(message)

    async def receive(self) -> str:
        message = await self.socket.communicator.receive_output(ANSWER_TIME)
        assert message["type"] == "websocket.send", message
        text: str = message["text"]
        return text

    async def is_cut_off(self) -> bool:
        return bool(await self.socket.closed_with())


class Poller(Client):
    def __init__(self, http: httpx.AsyncClient, **headers: str) -> None:
        self.http = http
        self.headers = {name.replace("_", "-"): text for name, text in headers.items()}
        self.heard: list[str] = []
        self.address = dict(HELLO)

    async def open(self) -> "Poller":
        greeting = await self.poll()
        self.address["sid"] = json.loads(greeting[0][1:])["sid"]
        return self

    async def poll(self) -> list[str]:
        response = await self.http.get(PATH, params=self.address, headers=self.headers)
        assert response.status_code == 200, response.text
        return response.text.split(SEPARATOR)

    async def send(self, message: str) -> None:
        response = await self.post(message)
        assert response.status_code == 200, response.text

    async def post(self, body: str | bytes) -> httpx.Response:
        return await self.http.post(PATH, params=self.address, content=body, headers=self.headers)

    async def receive(self) -> str:
        if not self.heard:
            async with asyncio.timeout(ANSWER_TIME):
                self.heard = await self.poll()
        return self.heard.pop(0)

    async def is_cut_off(self) -> bool:
        response = await self.http.get(PATH, params=self.address)
        while response.status_code == 200:
            if "1" in response.text.split(SEPARATOR):
                return True
            response = await self.http.get(PATH, params=self.address)
        return response.status_code == 400


def parsed(packet: str) -> Packet:
    """Its kind, with the number of an acknowledgement, and its content."""
    start = next((at for at, sign in enumerate(packet) if sign in '{["'), len(packet))
    return packet[:start], json.loads(packet[start:] or "null")


Visitor = Callable[..., Awaitable[Client]]


async def token_of(user: User) -> str:
    return await in_thread(access_token, user)
