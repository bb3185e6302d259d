"""What waits for a client that does not read: bounded in bytes and in age."""

import asyncio
from typing import Any

import pytest

from chatproject import outbox
from chatproject.outbox import MAX_EVENT_BYTES, Outbox

pytestmark = pytest.mark.once


class Server:
    """Its `send` waits while the client does not read, as ASGI servers do."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.reads = asyncio.Event()
        self.reads.set()

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.send":
            await self.reads.wait()
        self.sent.append(message)

    @property
    def texts(self) -> list[str]:
        return [message["text"] for message in self.sent if "text" in message]

    @property
    def code(self) -> int:
        return self.sent[-1]["code"]


@pytest.fixture
async def server() -> Server:
    return Server()


async def test_texts_go_out_in_order_and_then_the_close(server) -> None:
    box = Outbox(server.send)
    for number in range(3):
        box.tell(str(number))
    box.close(4403)
    box.tell("too late")
    await box.drain()
    assert server.texts == ["0", "1", "2"]
    assert server.code == 4403


async def test_the_first_reason_to_close_counts(server) -> None:
    box = Outbox(server.send)
    box.close(4403)
    box.close(1012)
    await box.drain()
    assert server.code == 4403


async def test_too_many_bytes_close_it_and_free_the_memory(server) -> None:
    server.reads.clear()
    box = Outbox(server.send)
    draining = asyncio.create_task(box.drain())
    text = "x" * 10_000
    for _ in range(MAX_EVENT_BYTES // len(text) + 2):
        box.tell(text)
        await asyncio.sleep(0)
    box.close(1012)
    async with asyncio.timeout(1):
        await draining
    assert server.texts == []
    assert server.code == 4408
    assert not box._texts


async def test_a_client_that_stops_reading_is_closed_by_age(server, monkeypatch) -> None:
    assert outbox.PATIENCE == 30
    monkeypatch.setattr(outbox, "PATIENCE", 0.1)
    server.reads.clear()
    box = Outbox(server.send)
    box.tell("unread")
    async with asyncio.timeout(1):
        await box.drain()
    assert server.code == 4408


async def test_a_slow_client_that_goes_on_reading_is_not(server, monkeypatch) -> None:
    monkeypatch.setattr(outbox, "PATIENCE", 0.2)
    server.reads.clear()
    box = Outbox(server.send)
    draining = asyncio.create_task(box.drain())
    for number in range(4):
        box.tell(str(number))
        await asyncio.sleep(0.1)
        server.reads.set()
        await asyncio.sleep(0)
        server.reads.clear()
        await asyncio.sleep(0.05)
    server.reads.set()
    box.close(1012)
    await draining
    assert server.texts == ["0", "1", "2", "3"]
    assert server.code == 1012


async def test_closing_does_not_wait_long_for_a_client_that_does_not_read(
    server, monkeypatch
) -> None:
    monkeypatch.setattr(outbox, "LAST_WORDS", 0.1)
    server.reads.clear()
    box = Outbox(server.send)
    draining = asyncio.create_task(box.drain())
    box.tell("unread")
    await asyncio.sleep(0.01)
    box.close(4403)
    async with asyncio.timeout(1):
        await draining
    assert server.code == 4403


async def test_a_server_that_lost_the_client_ends_it_quietly(server) -> None:
    async def gone(message: dict[str, Any]) -> None:
        raise ConnectionResetError

    box = Outbox(gone)
    box.tell("unread")
    async with asyncio.timeout(1):
        await box.drain()


async def test_answers_close_nothing_but_the_next_one_waits_for_room(server) -> None:
    server.reads.clear()
    box = Outbox(server.send)
    draining = asyncio.create_task(box.drain())
    box.answer("x" * 2 * MAX_EVENT_BYTES)
    next_command = asyncio.create_task(box.room_for_answers())
    box.tell("an event meanwhile")
    await asyncio.sleep(0.05)
    assert not next_command.done()
    assert not box.is_closing
    server.reads.set()
    async with asyncio.timeout(1):
        await next_command
    box.close(1012)
    await draining
    assert [len(text) for text in server.texts] == [2 * MAX_EVENT_BYTES, 18]


async def test_a_long_answer_may_take_longer(server, monkeypatch) -> None:
    monkeypatch.setattr(outbox, "PATIENCE", 0.1)
    monkeypatch.setattr(outbox, "BYTES_PER_SECOND", 10_000)
    server.reads.clear()
    box = Outbox(server.send)
    draining = asyncio.create_task(box.drain())
    box.answer("x" * 4000)
    await asyncio.sleep(0.3)
    assert not box.is_closing
    await draining
    assert server.code == 4408
