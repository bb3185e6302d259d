"""Whatever a client sends, it gets a typed answer and keeps its socket."""

import json
import logging
import os

import pytest

from chatproject.events import COMMANDS, Authenticate
from chatproject.frames import MAX_FRAME_BYTES
from conversations import writer
from conversations.commands import ACTIONS
from conversations.services import messages
from tests.fuzz.frames import invented

DEEP = 100_000


def test_each_command_has_its_action() -> None:
    assert set(COMMANDS.values()) - set(ACTIONS) == {Authenticate}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "parse_error"),
        ("{", "parse_error"),
        ("[]", "bad_frame"),
        ("null", "bad_frame"),
        ("0", "bad_frame"),
        ("\0", "parse_error"),
        ('"\ud800"', "parse_error"),
        ('{"event": "\\ud800"}', "parse_error"),
        ("NaN", "parse_error"),
        ("[" * DEEP + "]" * DEEP, "frame_too_large"),
        ("[" * 20_000 + "]" * 20_000, "parse_error"),
        ("é" * MAX_FRAME_BYTES, "frame_too_large"),
        ("{}", "unknown_event"),
        ('{"event": null}', "unknown_event"),
        ('{"event": []}', "unknown_event"),
        ('{"event": "__class__"}', "unknown_event"),
        ('{"event": "connected"}', "unknown_event"),
        ('{"event": "sync", "id": []}', "bad_frame"),
        ('{"event": "sync", "id": true}', "bad_frame"),
        ('{"event": "sync", "id": 1e30}', "bad_frame"),
        ('{"event": "sync", "id": 123456789012345678901234567890}', "bad_frame"),
        (json.dumps({"event": "sync", "id": "x" * 101}), "bad_frame"),
    ],
)
async def test_a_wrong_frame_is_answered_and_the_socket_stays(connect, alice, text, code) -> None:
    socket = await connect(alice)
    await socket.say_text(text)
    answer = await socket.hear()
    assert answer["event"] == "error"
    assert "id" not in answer
    assert answer["data"]["errors"][0]["code"] == code
    assert (await socket.ask("getConversations"))["event"] == "conversationsList"


@pytest.mark.parametrize("binary", [b"", b"\xff\xfe", b'{"event": "getConversations"}'])
async def test_a_binary_frame_is_answered_and_the_socket_stays(connect, alice, binary) -> None:
    socket = await connect(alice)
    await socket.communicator.send_input({"type": "websocket.receive", "bytes": binary})
    assert (await socket.hear())["event"] == "error"
    assert (await socket.ask("getConversations"))["event"] == "conversationsList"


@pytest.mark.parametrize("data", [None, [], 1, "x", {"unknown": 1}])
@pytest.mark.parametrize("frame_id", ["c1", "", 0, -1, 2**63])
async def test_an_error_carries_the_id_of_its_frame(connect, alice, data, frame_id) -> None:
    socket = await connect(alice)
    await socket.say_text(json.dumps({"event": "getConversations", "id": frame_id, "data": data}))
    answer = await socket.hear()
    assert (answer["event"], answer["id"]) == ("error", frame_id)


async def test_a_frame_of_exactly_the_limit_is_read(connect, alice) -> None:
    socket = await connect(alice)
    frame = '{"event": "getConversations", "id": 1}'
    await socket.say_text(frame.ljust(MAX_FRAME_BYTES))
    assert (await socket.hear())["event"] == "conversationsList"


async def test_what_nobody_foresaw_is_an_error_that_tells_nothing_of_the_inside(
    connect, alice, direct, monkeypatch, caplog
) -> None:
    def stumble(*args: object) -> None:
        raise ZeroDivisionError("a secret of the inside")

    # The batch fails as a whole, and then the send by itself.
    monkeypatch.setattr(writer, "rows_of_sends", stumble)
    monkeypatch.setattr(messages, "next_version", stumble)
    socket = await connect(alice)
    body = {"conversationId": direct.conversation_id, "content": "Hi"}
    with caplog.at_level(logging.ERROR):
        answer = await socket.ask("sendMessage", body)
    assert answer["data"]["type"] == "server_error"
    assert "secret" not in json.dumps(answer)
    assert "ZeroDivisionError" in caplog.text
    monkeypatch.undo()
    assert (await socket.ask("sendMessage", body))["event"] == "messageSent"


# --- Frames that nobody thought of ---------------------------------------------------------------

# bin/fuzz sends 20,000 to a real server.
FRAMES = int(os.environ.get("FRAMES", "600"))


@pytest.mark.once
async def test_random_frames_close_nothing_and_crash_nothing(
    connect, alice, direct, no_limits, caplog
) -> None:
    socket = await connect(alice)
    frames = invented(FRAMES)
    assert len(frames) >= FRAMES
    with caplog.at_level(logging.ERROR):
        for number, frame in enumerate(frames):
            kind = "text" if isinstance(frame, str) else "bytes"
            await socket.communicator.send_input({"type": "websocket.receive", kind: frame})
            if number % 100 == 0:
                assert (await socket.ask("getConversations"))["event"] == "conversationsList"
        assert (await socket.ask("getConversations"))["event"] == "conversationsList"
    assert not caplog.records
