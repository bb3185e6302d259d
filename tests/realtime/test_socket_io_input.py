"""Whatever comes in by Socket.IO: an `error`, or an end, but never a failure of ours."""

import asyncio
import json
import logging
import random

import pytest
from django.conf import settings

from chatproject.close_codes import CloseCode
from chatproject.socket_io.engine import ENGINE
from tests.realtime.socket_io import HELLO, PATH, Poller, token_of

NOT_EVENTS = ["42{}", "42[]", "42[7]", "42nonsense", "42", "42[" * 3000, '42["\\ud800"]', "42²[]"]
NOT_OURS = ["2", "3", "5", "6", "7", "x", "43[]", "44{}", "49[]", '42/admin,["x"]', '43["x"]', "40"]


@pytest.fixture(autouse=True)
def nothing_fails(caplog: pytest.LogCaptureFixture):
    yield
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize("message", NOT_EVENTS)
async def test_what_is_no_event_is_answered_and_the_client_stays(guest, alice, message) -> None:
    client = await guest(alice)
    await client.send(message)
    assert (await client.hear("error"))["errors"]
    assert await client.ask("getOnlineStatus", {"userIds": []}) == {"users": []}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ([["a", "list"]], "bad_frame"),
        (["text"], "bad_frame"),
        ([7], "bad_frame"),
        ([{}, {}], "bad_frame"),
        ([{"conversationId": "x", "content": "y"}], "int_type"),
        ([{"conversationId": 1, "content": {"_placeholder": True, "num": 0}}], "string_type"),
        ([{"conversationId": 1, "content": "x" * 70_000}], "frame_too_large"),
    ],
)
async def test_wrong_data_is_told_to_the_callback(guest, alice, data, code) -> None:
    client = await guest(alice)
    await client.send("420" + json.dumps(["sendMessage", *data]))
    kind, answer = await client.hear_packet()
    if code == "frame_too_large":
        # It is not read so far.
        assert answer[1]["errors"][0]["code"] == code
    else:
        assert (kind, answer[0]["errors"][0]["code"]) == ("30", code)


@pytest.mark.parametrize("name", ["connect", "disconnect", "message", "", "__class__", "error"])
async def test_an_unknown_event_is_told_to_the_callback(guest, alice, name) -> None:
    answer = await (await guest(alice)).ask(name, {})
    assert answer["errors"][0]["code"] == "unknown_event"


async def test_what_is_left_out_is_nothing(guest, alice) -> None:
    client = await guest(alice)
    for number, message in enumerate(('["getConversations"]', '["getConversations",null]')):
        await client.send(f"42{number}{message}")
        assert (await client.hear_packet())[1][0]["conversations"] == []


async def test_binary_is_refused_and_the_client_stays(guest, alice) -> None:
    client = await guest(alice)
    await client.send('451-7["sendMessage",{"_placeholder":true,"num":0}]')
    assert (await client.hear_packet())[1][0]["errors"]
    await client.send("bAAAA")
    assert (await client.hear("error"))["errors"][0]["code"] == "binary_frame"
    assert await client.ask("getOnlineStatus", {"userIds": []}) == {"users": []}


async def test_bytes_on_a_websocket_are_binary_too(visitor, alice) -> None:
    client = await visitor()
    await client.enter(token=await token_of(alice))
    await client.hear("connected")
    if isinstance(client, Poller):
        assert (await client.post(b"\xff\xfe")).status_code == 400
    else:
        message = {"type": "websocket.receive", "bytes": b"\x00"}
        await client.socket.communicator.send_input(message)
        assert (await client.hear("error"))["errors"][0]["code"] == "binary_frame"


@pytest.mark.parametrize("message", NOT_OURS)
async def test_who_speaks_another_protocol_is_cut_off(visitor, alice, message) -> None:
    client = await visitor()
    await client.enter(token=await token_of(alice))
    await client.hear("connected")
    if isinstance(client, Poller):
        assert (await client.post(message)).status_code == 400
    else:
        await client.send(message)
    assert await client.is_cut_off()


@pytest.mark.parametrize("message", ['42["getConversations"]', "bAAAA", "40/admin,", "40[", "41x4"])
async def test_so_is_who_does_not_come_in_first(visitor, db, message) -> None:
    client = await visitor()
    if isinstance(client, Poller):
        await client.post(message)
    else:
        await client.send(message)
    assert await client.is_cut_off()


async def test_a_huge_packet_ends_it(guest, alice) -> None:
    client = await guest(alice)
    if isinstance(client, Poller):
        assert (await client.post("4" + "x" * 300_000)).status_code == 400
    else:
        await client.send("4" + "x" * 300_000)
    assert await client.is_cut_off()


async def test_too_many_events_at_once_are_refused_and_then_ended(
    guest, alice, monkeypatch
) -> None:
    client = await guest(alice)
    message = '42["getOnlineStatus",{"userIds":[]}]'
    body = "\x1e".join([message] * (settings.SOCKET_FRAMES_BURST + 5))
    if isinstance(client, Poller):
        await client.post(body)
    else:
        for one in body.split("\x1e"):
            await client.send(one)
    error = await client.hear("error")
    assert (error["errors"][0]["code"], error["retryAfter"]) == ("throttled", 1)


async def test_who_does_not_stop_is_closed(guest, alice, monkeypatch) -> None:
    monkeypatch.setattr("chatproject.inbox.REFUSALS_BURST", 5)
    client = await guest(alice)
    body = "\x1e".join(['42["typing",{}]'] * (settings.SOCKET_FRAMES_BURST + 50))
    if isinstance(client, Poller):
        await client.post(body)
    else:
        for one in body.split("\x1e"):
            await client.send(one)
    assert await client.hear("closed") == {"code": CloseCode.TOO_FAST}
    assert await client.is_cut_off()


# --- Requests ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"EIO": "4"},
        {"EIO": "3", "transport": "polling"},
        {"EIO": "4", "transport": "carrier-pigeon"},
        {"EIO": "4", "transport": "websocket"},
        {**HELLO, "j": "0"},
        {**HELLO, "sid": "nobody"},
        {**HELLO, "sid": ["a", "b"]},
        {**HELLO, "sid": "\udcff".encode("utf-8", "surrogateescape")},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "HEAD"])
async def test_a_request_that_is_none_of_socket_io_is_refused(http, db, query, method) -> None:
    answer = await http.request(method, PATH, params=query, headers={"content-length": "0"})
    assert answer.status_code == 400
    assert not ENGINE.sockets


async def test_other_methods_are_refused(http, db) -> None:
    for method in ("PUT", "DELETE", "PATCH", "HEAD", "TRACE"):
        assert (await http.request(method, PATH, params=HELLO)).status_code == 400


async def test_a_post_whose_length_is_a_lie_is_taken_as_it_is(http, alice) -> None:
    client = await Poller(http).open()
    headers = {"content-length": "nonsense"}
    answer = await http.post(PATH, params=client.address, content="40{", headers=headers)
    assert answer.status_code == 400
    assert await client.is_cut_off()


async def test_a_second_poll_at_the_same_time_ends_both(http, alice) -> None:
    """Only somebody else can have sent it."""
    client = await Poller(http).open()
    assert (await http.get(PATH, params={**client.address, "sid": "x"})).status_code == 400
    await client.enter(token=await token_of(alice))
    await client.hear("connected")
    waiting = asyncio.create_task(http.get(PATH, params=client.address))
    await asyncio.sleep(0.05)
    assert (await http.get(PATH, params=client.address)).status_code == 400
    assert (await waiting).text == "1"


async def test_answers_are_kept_by_nobody(http, db) -> None:
    answer = await http.get(PATH, params=HELLO)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_noise_is_answered_or_ended(visitor, alice) -> None:
    """Longer: NOISE=10000 in the environment."""
    chance = random.Random(6)
    token = await token_of(alice)
    for _ in range(20):
        client = await visitor()
        await client.enter(token=token)
        noise = "4" * chance.randrange(2) + "".join(
            chance.choices('0123456789[]{}",:b-/é\x1e', k=20)
        )
        if isinstance(client, Poller):
            assert (await client.post(noise)).status_code in (200, 400)
        else:
            await client.send(noise)
