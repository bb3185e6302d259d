"""Devices that send one message after the other, and bring each to its end whatever happens meanwhile."""

from __future__ import annotations

import itertools
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
from websockets.exceptions import WebSocketException

from tests.clients import Socket

LONGEST_PAUSE = 1
AFTER_A_LOSS = 0.1


class Lost(Exception):
    """Nobody answered; whether it was done is unknown."""


class Paused(Exception):
    """It was politely refused for now."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds


@dataclass(frozen=True)
class Acknowledged:
    conversation_id: int
    client_id: str
    content: str
    seq: int
    began: float
    ended: float


class Device(threading.Thread, ABC):
    """A message is tried again with its `clientId` until it is acknowledged; any other answer is a fault."""

    def __init__(self, *, label: str, token: str, urls: list[str], conversation_id: int) -> None:
        super().__init__(name=label, daemon=True)
        self.token = token
        self.urls = itertools.cycle(urls)
        self.conversation_id = conversation_id
        self.acknowledged: list[Acknowledged] = []
        self.pauses: list[float] = []
        self.fault: Exception | None = None
        self.stopping = threading.Event()

    def run(self) -> None:
        try:
            self.move_on()
            for number in itertools.count(1):
                if self.stopping.is_set():
                    break
                self.acknowledged.append(self.bring(f"{self.name}, {number}"))
        except Exception as fault:
            self.fault = fault
        finally:
            self.disconnect()

    def bring(self, content: str) -> Acknowledged:
        client_id = str(uuid4())
        began = time.monotonic()
        while True:
            try:
                message = self.send({"content": content, "clientId": client_id})
                ended = time.monotonic()
                return Acknowledged(
                    self.conversation_id, client_id, content, message["seq"], began, ended
                )
            except Paused as pause:
                self.pauses.append(time.monotonic())
                time.sleep(min(pause.seconds, LONGEST_PAUSE))
            except Lost:
                self.move_on()

    def move_on(self) -> None:
        """To the next server that answers, as a balancer would send it."""
        while not self.stopping.is_set():
            self.disconnect()
            try:
                return self.connect(next(self.urls))
            except Lost:
                time.sleep(AFTER_A_LOSS)
        raise Lost

    @abstractmethod
    def connect(self, url: str) -> None: ...

    @abstractmethod
    def disconnect(self) -> None: ...

    @abstractmethod
    def send(self, body: dict[str, Any]) -> dict[str, Any]: ...


class RestDevice(Device):
    http: httpx.Client | None = None

    def connect(self, url: str) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        self.http = httpx.Client(base_url=f"{url}/api/", headers=headers, timeout=20)

    def disconnect(self) -> None:
        if self.http:
            self.http.close()

    def send(self, body: dict[str, Any]) -> dict[str, Any]:
        assert self.http is not None
        path = f"chat/conversations/{self.conversation_id}/messages"
        try:
            response = self.http.post(path, json=body)
        except httpx.TransportError as error:
            raise Lost from error
        if response.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            raise Paused(float(response.headers["Retry-After"]))
        assert response.is_success, f"{response.status_code} {response.text[:500]}"
        message: dict[str, Any] = response.json()
        return message


class SocketDevice(Device):
    socket: Socket | None = None

    def connect(self, url: str) -> None:
        try:
            self.socket = Socket(url, self.token)
        except (OSError, EOFError, WebSocketException) as error:
            raise Lost from error

    def disconnect(self) -> None:
        if self.socket:
            self.socket.closing.close()

    def send(self, body: dict[str, Any]) -> dict[str, Any]:
        assert self.socket is not None
        try:
            number = self.socket.say("sendMessage", conversationId=self.conversation_id, **body)
            frame = self.answer_to(number)
        except (OSError, EOFError, WebSocketException) as error:
            raise Lost from error
        if frame["event"] == "error" and frame["data"]["errors"][0]["code"] == "unavailable":
            raise Paused(frame["data"]["retryAfter"])
        assert frame["event"] == "messageSent", frame
        message: dict[str, Any] = frame["data"]
        return message

    def answer_to(self, number: int) -> dict[str, Any]:
        assert self.socket is not None
        while True:
            frame = self.socket.listen()
            if frame.get("id") == number:
                return frame


def all_acknowledged(devices: list[Device]) -> Iterator[Acknowledged]:
    for device in devices:
        yield from device.acknowledged
