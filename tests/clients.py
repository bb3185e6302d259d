"""Programs on somebody's phone: they know a running server by REST and by the socket alone."""

from __future__ import annotations

import itertools
import json
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import httpx
from websockets.sync.client import connect

from tests.cast import PASSWORD

Answer = dict[str, Any]
PATIENCE = 20


class Rest:
    """A signed-in device."""

    def __init__(self, url: str, email: str) -> None:
        self.url = url
        self.http = httpx.Client(base_url=f"{url}/api/", timeout=PATIENCE)
        account = {"email": email, "password": PASSWORD, "device": "tests"}
        self.token: str = self.post("auth/token", account)["access"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"
        self.id: int = self.get("auth/me")["id"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.http.close()

    def get(self, path: str, **query: Any) -> Answer:
        return body_of(self.http.get(path, params=query))

    def post(self, path: str, body: Any = None) -> Answer:
        return body_of(self.http.post(path, json=body or {}))

    def patch(self, path: str, body: Any = None) -> Answer:
        return body_of(self.http.patch(path, json=body or {}))

    def delete(self, path: str) -> Answer:
        return body_of(self.http.delete(path))

    def direct_with(self, user_id: int) -> int:
        conversation_id: int = self.post("chat/conversations", {"targetUserId": user_id})["id"]
        return conversation_id

    def group_of(self, title: str, *user_ids: int) -> int:
        body = {"type": "group", "title": title, "memberIds": user_ids}
        conversation_id: int = self.post("chat/conversations", body)["id"]
        return conversation_id

    def send(self, conversation_id: int, content: str) -> Answer:
        body = {"content": content, "clientId": str(uuid4())}
        return self.post(f"chat/conversations/{conversation_id}/messages", body)

    def conversation(self, conversation_id: int) -> Answer:
        return self.get(f"chat/conversations/{conversation_id}")

    def history(self, conversation_id: int) -> list[Answer]:
        """All messages, oldest first, page by page."""
        path, seq = f"chat/conversations/{conversation_id}/messages", 0
        messages: list[Answer] = []
        while True:
            page = self.get(path, after=seq, limit=100)
            messages += page["messages"]
            if not page["hasNewer"]:
                return messages
            seq = messages[-1]["seq"]


class Socket:
    """One connection of a signed-in device, past its greeting."""

    def __init__(self, url: str, token: str) -> None:
        opening = connect(
            f"{url.replace('http', 'ws', 1)}/ws/chat/",
            additional_headers={"Authorization": f"Bearer {token}"},
            open_timeout=PATIENCE,
            close_timeout=1,
            proxy=None,
        )
        self.closing = ExitStack()
        self.connection = self.closing.enter_context(opening)
        self.ids = itertools.count(1)
        self.hear("connected")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.close()

    def say(self, event: str, **data: Any) -> int:
        number = next(self.ids)
        self.connection.send(json.dumps({"event": event, "id": number, "data": data}))
        return number

    def ask(self, event: str, **data: Any) -> Answer:
        number = self.say(event, **data)
        while True:
            frame = self.listen()
            if frame.get("id") == number:
                assert frame["event"] != "error", frame
                answer: Answer = frame["data"]
                return answer

    def hear(self, event: str) -> Answer:
        while True:
            frame = self.listen()
            if frame["event"] == event:
                data: Answer = frame["data"]
                return data

    def listen(self) -> Answer:
        frame: Answer = json.loads(self.connection.recv(PATIENCE))
        return frame

    def catch_up(self, held: dict[int, int]) -> list[Answer]:
        """What changed in each conversation since the versions held, which are brought up to date."""
        changes: list[Answer] = []
        while True:
            answer = self.ask("sync", conversations={str(pk): each for pk, each in held.items()})
            for one in answer["conversations"]:
                held[one["conversation"]["id"]] = one["version"]
            changes += answer["conversations"]
            if not answer["limited"]:
                return changes


def body_of(response: httpx.Response) -> Answer:
    assert response.is_success, f"{response.request.method} {response.url}: {response.text[:1000]}"
    answer: Answer = response.json() if response.content else {}
    return answer
