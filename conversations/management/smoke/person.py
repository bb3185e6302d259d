"""Somebody on one device: REST and a socket, with a timeout on everything."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from conversations.management.smoke.checklist import Unexpected

# Seconds that anything may take.
PATIENCE = 20

Json = dict[str, Any]


class Person:
    def __init__(self, url: str, email: str, password: str) -> None:
        self.url, self.email, self.password = url.rstrip("/"), email, password
        self.rest = httpx.AsyncClient(base_url=self.url, timeout=PATIENCE)
        self._socket: Socket | None = None
        self.id = 0
        self.name = ""

    async def sign_in(self) -> None:
        body = {"email": self.email, "password": self.password, "device": "Smoke test"}
        tokens = await self.post("/api/auth/token", body)
        self.rest.headers["Authorization"] = f"Bearer {tokens['access']}"
        me = await self.get("/api/auth/me")
        self.id, self.name = me["id"], me["displayName"]

    async def connect(self) -> None:
        address = self.url.replace("http", "ws", 1) + "/ws/chat/"
        headers = {"Authorization": self.rest.headers["Authorization"]}
        connection = await connect(
            address, additional_headers=headers, open_timeout=PATIENCE, close_timeout=PATIENCE
        )
        self._socket = Socket(connection)
        await self._socket.hear("connected")

    @property
    def is_connected(self) -> bool:
        return self._socket is not None

    @property
    def socket(self) -> Socket:
        if self._socket is None:
            raise Unexpected(f"{self.name} has no socket")
        return self._socket

    # --- REST ----------------------------------------------------------------------------------

    async def get(self, path: str, **query: Any) -> Any:
        return await self.request("GET", path, params=query)

    async def post(self, path: str, body: Json, *, status: int | None = None) -> Any:
        return await self.request("POST", path, status=status, json=body)

    async def patch(self, path: str, body: Json | None = None) -> Any:
        return await self.request("PATCH", path, json=body or {})

    async def request(
        self, method: str, path: str, *, status: int | None = None, **options: Any
    ) -> Any:
        """The JSON of the answer; any success will do unless a status is named."""
        answer = await self.rest.request(method, path, **options)
        if answer.status_code != status if status else not answer.is_success:
            wanted = f" instead of {status}" if status else ""
            text = f"{method} {path} answered {answer.status_code}{wanted}: {answer.text[:200]}"
            raise Unexpected(text)
        return answer.json() if answer.content else None


class Socket:
    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._heard: list[Json] = []
        self._questions = 0

    async def tell(self, event: str, **data: Any) -> None:
        await self._send({"event": event, "data": data})

    async def ask(self, event: str, **data: Any) -> Json:
        """The frame that answers."""
        self._questions += 1
        question = f"smoke-{self._questions}"
        await self._send({"event": event, "id": question, "data": data})
        frame = await self._frame(
            f"the answer to {event}", lambda frame: frame.get("id") == question
        )
        if frame["event"] == "error":
            raise Unexpected(f"{event} was refused: {frame['data']['errors']}")
        return frame

    async def hear(self, event: str, **fields: Any) -> Json:
        """The data of the next event of this name with these fields; others may come before it."""
        frame = await self._frame(
            event,
            lambda frame: frame["event"] == event and fields.items() <= frame["data"].items(),
        )
        data: Json = frame["data"]
        return data

    async def close_code(self) -> int | None:
        """Waits until the server closes it."""
        async with asyncio.timeout(PATIENCE):
            await self._connection.wait_closed()
        return self._connection.close_code

    async def _send(self, frame: Json) -> None:
        async with asyncio.timeout(PATIENCE):
            await self._connection.send(json.dumps(frame))

    async def _frame(self, what: str, is_wanted: Callable[[Json], bool]) -> Json:
        """Of those heard before, or the first that comes. The others are kept for whoever wants them."""
        for frame in self._heard:
            if is_wanted(frame):
                self._heard.remove(frame)
                return frame
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    frame = json.loads(await self._connection.recv())
                    if is_wanted(frame):
                        return frame
                    self._heard.append(frame)
        except TimeoutError as error:
            raise Unexpected(f"{what} did not come within {PATIENCE} s") from error
