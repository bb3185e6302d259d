"""What waits for a client that does not read: bounded in bytes and in age."""

import asyncio
from typing import Any

import pytest

from chatproject import outbox
from chatproject.outbox import MAX_EVENT_BYTES, Outbox
from chatproject.wire import Frame, Wire

pytestmark = pytest.mark.once


class Server(Wire):
    """Its `send` waits while the client does not read, as ASGI servers do."""

    def __init__(self) -> None:
        super().__init__(self.send)
        self.sent: list[dict[str, Any]] = []
        self.reads = asyncio.Event()
        self.reads.set()
        self.is_closed = False
        self.box = Outbox(self, when_closed=self.note_closed)

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.send":
            await self.reads.wait()
        self.sent.append(message)

    def note_closed(self) -> None:
        self.is_closed = True

    def tell(self, *texts: str) -> None:
        for text in texts:
            self.box.tell(Frame(text))

    async def all_sent(self) -> None:
        """Also the close."""
        async with asyncio.timeout(1):
            while self.box._backlog is not None and not self.is_closed:
                await asyncio.sleep(0)
        await self.box.closed()

    @property
    def texts(self) -> list[str]:
        return [message["text"] for message in self.sent if "text" in message]

    @property
    def code(self) -> int:
        return self.sent[-1]["code"]


class QuickServer(Server):
    """One that we know: it writes at once what the client has room for."""

    def write(self, frame: Frame) -> bool:
        if self.reads.is_set():
            self.sent.append({"type": "websocket.send", "text": frame.text})
        return self.reads.is_set()


@pytest.fixture
async def server() -> Server:
    return Server()


async def test_texts_go_out_in_order_and_then_the_close(server) -> None:
    server.tell("0", "1", "2")
    server.box.close(4403)
    server.tell("too late")
    await server.all_sent()
    assert server.texts == ["0", "1", "2"]
    assert server.code == 4403
    assert server.box.is_closing


async def test_nothing_waits_where_the_server_writes_at_once() -> None:
    server = QuickServer()
    server.tell("0", "1")
    assert server.texts == ["0", "1"]
    assert server.box._backlog is None
    await server.box.room_for_answers()


async def test_nothing_overtakes_what_waits() -> None:
    server = QuickServer()
    server.reads.clear()
    server.tell("0", "1")
    await asyncio.sleep(0)
    server.reads.set()
    server.tell("2")
    server.box.answer(Frame("3"))
    await server.all_sent()
    server.tell("4")
    assert server.texts == ["0", "1", "2", "3", "4"]
    assert not server.is_closed


async def test_the_first_reason_to_close_counts(server) -> None:
    server.box.close(4403)
    server.box.close(1012)
    await server.all_sent()
    assert server.code == 4403


async def test_too_many_bytes_close_it_and_free_the_memory(server) -> None:
    server.reads.clear()
    text = "x" * 10_000
    for _ in range(MAX_EVENT_BYTES // len(text) + 2):
        server.tell(text)
        await asyncio.sleep(0)
    server.box.close(1012)
    server.tell(text)
    await server.all_sent()
    assert server.texts == []
    assert server.code == 4408
    assert not server.box._backlog._frames


async def test_a_client_that_stops_reading_is_closed_by_age(server, monkeypatch) -> None:
    assert outbox.PATIENCE == 30
    monkeypatch.setattr(outbox, "PATIENCE", 0.1)
    server.reads.clear()
    server.tell("unread")
    await server.all_sent()
    assert server.code == 4408


async def test_a_slow_client_that_goes_on_reading_is_not(server, monkeypatch) -> None:
    monkeypatch.setattr(outbox, "PATIENCE", 0.2)
    server.reads.clear()
    for number in range(4):
        server.tell(str(number))
        await asyncio.sleep(0.1)
        server.reads.set()
        await asyncio.sleep(0)
        server.reads.clear()
        await asyncio.sleep(0.05)
    server.reads.set()
    server.box.close(1012)
    await server.all_sent()
    assert server.texts == ["0", "1", "2", "3"]
    assert server.code == 1012


async def test_closing_does_not_wait_long_for_a_client_that_does_not_read(
    server, monkeypatch
) -> None:
    monkeypatch.setattr(outbox, "LAST_WORDS", 0.1)
    server.reads.clear()
    server.tell("unread")
    await asyncio.sleep(0.01)
    server.box.close(4403)
    await server.all_sent()
    assert server.code == 4403


async def test_a_server_that_lost_the_client_ends_it_quietly(server) -> None:
    async def gone(message: dict[str, Any]) -> None:
        raise ConnectionResetError

    server._send = gone
    server.tell("unread")
    await server.all_sent()
    assert server.is_closed
    server.tell("nobody is there")
    assert not server.box._backlog._frames


async def test_answers_close_nothing_but_the_next_one_waits_for_room(server) -> None:
    server.reads.clear()
    server.box.answer(Frame("x" * 2 * MAX_EVENT_BYTES))
    next_command = asyncio.create_task(server.box.room_for_answers())
    server.tell("an event meanwhile")
    await asyncio.sleep(0.05)
    assert not next_command.done()
    assert not server.box.is_closing
    server.reads.set()
    async with asyncio.timeout(1):
        await next_command
    await server.all_sent()
    assert not server.is_closed
    assert [len(text) for text in server.texts] == [2 * MAX_EVENT_BYTES, 18]


async def test_a_long_answer_may_take_longer(server, monkeypatch) -> None:
    monkeypatch.setattr(outbox, "PATIENCE", 0.1)
    monkeypatch.setattr(outbox, "BYTES_PER_SECOND", 10_000)
    server.reads.clear()
    server.box.answer(Frame("x" * 4000))
    await asyncio.sleep(0.3)
    assert not server.box.is_closing
    await server.all_sent()
    assert server.code == 4408


async def test_a_stop_forgets_what_waits(server) -> None:
    server.reads.clear()
    server.tell("unread")
    await asyncio.sleep(0)
    await server.box.stop()
    assert server.is_closed
    assert server.sent == []
