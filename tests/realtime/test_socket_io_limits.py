"""What a client of Socket.IO costs at most, and how it changes from polling to a WebSocket."""

import asyncio
import json
from typing import Any

import pytest

from chatproject import outbox
from chatproject.asgi import application
from chatproject.socket_io import session as sessions
from chatproject.socket_io.engine import ENGINE
from tests.realtime.socket_io import (
    PATH,
    SEPARATOR,
    WEBSOCKET,
    Client,
    Poller,
    WebSocketClient,
    token_of,
)


@pytest.fixture
def poller(http):
    """`await poller(alice)` polls, past its greeting."""

    async def entered(user) -> Poller:
        client = await Poller(http).open()
        await client.enter(token=await token_of(user))
        await client.hear("connected")
        return client

    return entered


def upgrade_of(poller: Poller, knock) -> WebSocketClient:
    client = WebSocketClient(knock)
    sid = poller.address["sid"].encode()
    client.socket.communicator.scope["query_string"] += b"&sid=" + sid
    return client


async def upgraded(poller: Poller, knock) -> WebSocketClient:
    client = upgrade_of(poller, knock)
    await client.socket.open()
    await client.send("2probe")
    assert await client.receive() == "3probe"
    await client.send("5")
    return client


async def say_often(speaker, place, *, times: int, length: int = 1000) -> None:
    for number in range(times):
        content = f"{number} ".ljust(length, "x")
        body = {"conversationId": place.conversation_id, "content": content}
        assert (await speaker.ask("sendMessage", body))["event"] == "messageSent"


async def heard(client: Client, times: int) -> list[int]:
    return [(await client.hear("newMessage"))["seq"] for _ in range(times)]


# --- Who does not take what there is ---------------------------------------------------------------


async def test_who_polls_slowly_hears_all_in_order(
    poller, connect, direct, alice, bob, monkeypatch, no_limits
) -> None:
    monkeypatch.setattr(sessions, "MAX_WAITING", 2000)
    client, speaker = await poller(alice), await connect(bob)
    await say_often(speaker, direct, times=20)
    (session,) = ENGINE.sockets.values()
    assert session._size < 2 * 2000
    assert await heard(client, 20) == list(range(1, 21))


async def test_who_never_polls_keeps_little_and_is_closed(
    poller, connect, direct, alice, bob, monkeypatch, no_limits
) -> None:
    monkeypatch.setattr(sessions, "MAX_WAITING", 2000)
    monkeypatch.setattr(outbox, "MAX_EVENT_BYTES", 10_000)
    await poller(alice)
    speaker = await connect(bob)
    (session,) = ENGINE.sockets.values()
    await say_often(speaker, direct, times=20)
    async with asyncio.timeout(5):
        while not session.closing:
            await asyncio.sleep(0.01)
    assert session.close_code == 4408
    assert session._size < 2 * 2000
    await say_often(speaker, direct, times=1)


async def test_so_is_who_does_not_read_a_websocket(
    http, connect, direct, alice, bob, monkeypatch
) -> None:
    monkeypatch.setattr(outbox, "PATIENCE", 0.2)
    monkeypatch.setattr(sessions, "LAST_WORDS", 0.2)
    stalled = Stalled()
    await stalled.enter(await token_of(alice))
    stalled.reads.clear()
    speaker = await connect(bob)
    await say_often(speaker, direct, times=1)
    await asyncio.wait_for(stalled.serving, 10)
    assert not ENGINE.sockets
    await say_often(speaker, direct, times=1)


class Stalled:
    """A WebSocket as its server gives it, whose client may stop reading."""

    def __init__(self) -> None:
        self.inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.outbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.reads = asyncio.Event()
        self.reads.set()
        scope = {
            "type": "websocket",
            "path": PATH,
            "query_string": WEBSOCKET.partition("?")[2].encode(),
            "headers": [(b"upgrade", b"websocket")],
        }
        self.serving = asyncio.create_task(application(scope, self.inbox.get, self.send))

    async def send(self, message: dict[str, Any]) -> None:
        await self.reads.wait()
        self.outbox.put_nowait(message)

    async def enter(self, token: str) -> None:
        text = "40" + json.dumps({"token": token})
        self.inbox.put_nowait({"type": "websocket.connect"})
        self.inbox.put_nowait({"type": "websocket.receive", "text": text})
        while '42["connected"' not in (await self.outbox.get()).get("text", ""):
            pass


async def test_who_does_not_answer_a_ping_is_gone(visitor, alice, monkeypatch) -> None:
    monkeypatch.setattr(sessions, "PING_INTERVAL", 0.1)
    monkeypatch.setattr(sessions, "PING_TIMEOUT", 0.3)
    client = await visitor()
    await client.enter(token=await token_of(alice))
    await client.hear("connected")
    for _ in range(5):
        assert await client.receive() == "2"
        await client.send("3")
    assert await client.receive() == "2"
    assert await client.is_cut_off()
    assert not ENGINE.sockets or next(iter(ENGINE.sockets.values())).closing


# --- From polling to a WebSocket -------------------------------------------------------------------


async def test_nothing_is_lost_and_nothing_overtakes_by_an_upgrade(
    poller, knock, connect, direct, alice, bob, no_limits
) -> None:
    client, speaker = await poller(alice), await connect(bob)
    await say_often(speaker, direct, times=3)
    socket = await upgraded(client, knock)
    await say_often(speaker, direct, times=3)
    assert await heard(socket, 6) == list(range(1, 7))
    answer = await client.http.get(PATH, params=client.address)
    assert answer.status_code == 400
    assert await socket.ask("getOnlineStatus", {"userIds": []}) == {"users": []}


async def test_a_poll_that_waits_is_ended_by_it(poller, knock, alice) -> None:
    client = await poller(alice)
    waiting = asyncio.create_task(client.poll())
    await asyncio.sleep(0.05)
    socket = await upgraded(client, knock)
    assert await waiting == ["6"]
    assert await socket.ask("getOnlineStatus", {"userIds": []}) == {"users": []}


@pytest.mark.parametrize("words", [[], ["x"], ["2probe"], ["2probe", "x"]])
async def test_an_upgrade_that_fails_leaves_polling_as_it_was(
    poller, knock, alice, monkeypatch, words
) -> None:
    monkeypatch.setattr(sessions, "UPGRADE_TIME", 0.2)
    client = await poller(alice)
    socket = upgrade_of(client, knock)
    await socket.socket.open()
    for word in words:
        await socket.send(word)
    assert await socket.is_cut_off()
    assert await client.ask("getOnlineStatus", {"userIds": []}) == {"users": []}


async def test_there_is_one_websocket_at_most(poller, knock, alice) -> None:
    client = await poller(alice)
    socket = await upgraded(client, knock)
    await socket.ask("getOnlineStatus", {"userIds": []})
    second = upgrade_of(client, knock)
    assert not (await second.socket.communicator.connect(timeout=10))[0]
    assert await socket.ask("getOnlineStatus", {"userIds": []}) == {"users": []}


# --- The server's end ------------------------------------------------------------------------------


async def test_all_are_parted_from_before_the_server_ends(visitor, alice) -> None:
    stranger, client = await visitor(), await visitor()
    await client.enter(token=await token_of(alice))
    await client.hear("connected")
    await ENGINE.part()
    for one in (stranger, client):
        assert await one.is_cut_off()


async def test_several_packets_of_one_poll_come_in_their_order(poller, alice) -> None:
    client = await poller(alice)
    questions = [f'42{number}["getOnlineStatus",{{"userIds":[]}}]' for number in range(9)]
    assert (await client.post(SEPARATOR.join(questions))).text == "OK"
    assert [(await client.hear_packet())[0] for _ in questions] == [f"3{n}" for n in range(9)]
