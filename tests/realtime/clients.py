"""Clients of real server processes."""

import base64
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from websockets.sync.client import ClientConnection, connect

from tests.live import Site

ANSWER_TIME = 20

# Two people new to this site, and what they have said to each other.
PAIR = """
import json, secrets, django; django.setup()
from chatproject.events import NewMessageBody
from conversations.services.conversations import get_or_create_direct
from conversations.services.messages import send_message
from tests.cast import everybody
from tests.conftest import access_token
people = everybody(suffix='-' + secrets.token_hex(4))
alice, bob = people['alice'], people['bob']
place, _ = get_or_create_direct(actor=alice, target_user_id=bob.pk)
for _ in range({messages}):
    body = NewMessageBody(content='x' * {length})
    send_message(actor=alice, conversation_id=place.conversation_id, body=body)
tokens = [[access_token(person) for _ in range({devices})] for person in (alice, bob)]
print(json.dumps([place.conversation_id, *tokens, alice.pk, bob.pk]))
"""


@dataclass
class Pair:
    """Alice and Bob, each with the tokens of some devices."""

    conversation_id: int
    alice: list[str]
    bob: list[str]
    alice_id: int
    bob_id: int


def pair(site: Site, *, messages: int = 0, length: int = 1, devices: int = 1) -> Pair:
    script = PAIR.format(messages=messages, length=length, devices=devices)
    return Pair(*json.loads(site.run("-c", script).splitlines()[-1]))


class Client:
    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def say(self, event: str, data: dict[str, Any], **envelope: Any) -> None:
        self.connection.send(json.dumps({"event": event, "data": data, **envelope}))

    def ask(self, event: str, data: dict[str, Any]) -> dict[str, Any]:
        self.say(event, data, id=event)
        while (frame := self.hear()).get("id") != event:
            pass
        return frame

    def hear(self, name: str = "") -> dict[str, Any]:
        while True:
            frame: dict[str, Any] = json.loads(self.connection.recv(ANSWER_TIME))
            if name in ("", frame["event"]):
                return frame


@contextmanager
def client(url: str, token: str) -> Iterator[Client]:
    headers = {"Authorization": f"Bearer {token}"}
    with connect(socket_url(url), additional_headers=headers, open_timeout=ANSWER_TIME) as opened:
        connected = Client(opened)
        connected.hear("connected")
        yield connected


def socket_url(url: str) -> str:
    return f"{url.replace('http', 'ws', 1)}/ws/chat/"


class StalledClient:
    """Sends whatever it is told to and never reads: the least that is a WebSocket."""

    is_open = True

    def __init__(self, url: str, token: str) -> None:
        address = urlsplit(url)
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.connect((address.hostname, address.port))
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET /ws/chat/ HTTP/1.1\r\nHost: {address.netloc}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Authorization: Bearer {token}\r\n\r\n".encode()
        )

    def say(self, event: str, data: dict[str, Any]) -> None:
        text = json.dumps({"event": event, "data": data}).encode()
        assert len(text) < 126
        # A mask of zeros masks nothing.
        frame = bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text
        try:
            self.socket.sendall(frame)
        except OSError:
            self.is_open = False
