"""One socket, from its greeting to its end: questions with their answers, and events."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from parley_client.errors import ConnectionLost, Refused

ANSWER_TIME = 20
SIGN_IN, STOPPED, TOO_FAST = 4401, 4403, 4429

Json = dict[str, Any]


class Closed(Exception):
    """The server closed the socket, or did not open it; None: nobody did, it broke."""

    def __init__(self, code: int | None) -> None:
        self.code = code
        super().__init__(code)


class Connection:
    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._answers: dict[int, asyncio.Future[Json]] = {}
        self._ids = itertools.count(1)
        self.events: asyncio.Queue[Json | Closed] = asyncio.Queue()

    async def ask(self, event: str, data: Json) -> Json:
        """Raises Refused, or ConnectionLost where it is unknown what became of it."""
        number = next(self._ids)
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        try:
            await self._socket.send(json.dumps({"event": event, "id": number, "data": data}))
            return await asyncio.wait_for(answer, ANSWER_TIME)
        except (ConnectionClosed, TimeoutError) as error:
            raise ConnectionLost from error
        finally:
            self._answers.pop(number, None)

    def drop(self) -> None:
        self._socket.transport.abort()

    async def read(self) -> None:
        """Until the end, which is the last of the events."""
        try:
            async for text in self._socket:
                self._receive(json.loads(text))
        except ConnectionClosed:
            pass
        finally:
            code = self._socket.close_code
            self.events.put_nowait(Closed(None if code == 1006 else code))
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(ConnectionLost())

    def _receive(self, frame: Json) -> None:
        answer = self._answers.get(frame.get("id", 0))
        if answer is None:
            self.events.put_nowait(frame)
        elif not answer.done() and frame["event"] == "error":
            wait = frame["data"]["retryAfter"]
            answer.set_exception(Refused(frame["data"], retry_after=wait))
        elif not answer.done():
            answer.set_result(frame["data"])


@asynccontextmanager
async def opened(url: str, token: str) -> AsyncIterator[Connection]:
    """Raises Closed, where there is none to be had."""
    try:
        socket = await connect(
            f"{url.replace('http', 'ws', 1)}/ws/chat/",
            additional_headers={"Authorization": f"Bearer {token}"},
            max_size=None,
        )
    except InvalidStatus as error:
        is_stranger = error.response.status_code in (401, 403)
        raise Closed(SIGN_IN if is_stranger else None) from error
    except (OSError, TimeoutError, WebSocketException) as error:
        raise Closed(None) from error
    connection = Connection(socket)
    reading = asyncio.create_task(connection.read())
    try:
        yield connection
    finally:
        # A network that is gone says no goodbye.
        closing = asyncio.create_task(socket.close())
        await asyncio.wait({reading, closing}, timeout=1)
        for task in (reading, closing):
            task.cancel()
        await asyncio.gather(reading, closing, return_exceptions=True)
