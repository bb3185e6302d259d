"""Who sends too fast is told so, then closed; the others do not notice."""

import json

import pytest
from django.conf import settings

from chatproject.threads import in_thread
from tests.conftest import access_token

TOO_FAST = 4429


@pytest.fixture(autouse=True)
def small_burst(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (settings.SOCKET_FRAMES_BURST, settings.SOCKET_FRAMES_PER_SECOND) == (60, 30)
    monkeypatch.setattr(settings, "SOCKET_FRAMES_BURST", 5)
    monkeypatch.setattr(settings, "SOCKET_FRAMES_PER_SECOND", 1)


async def test_a_little_too_fast_is_refused_with_the_time_to_wait(connect, alice, direct) -> None:
    socket = await connect(alice)
    typing = {"conversationId": direct.conversation_id, "isTyping": True}
    for number in range(6):
        await socket.say("typing", typing, id=number)
    answer = await socket.hear()
    assert (answer["event"], answer["id"]) == ("error", 5)
    assert answer["data"]["errors"][0]["code"] == "throttled"
    assert answer["data"]["retryAfter"] == 1
    assert await socket.hears_nothing(within=answer["data"]["retryAfter"])
    assert (await socket.ask("getConversations"))["event"] == "conversationsList"


async def test_a_flood_is_closed(connect, alice) -> None:
    socket = await connect(alice)
    for _ in range(200):
        await socket.say_text("not even JSON")
    assert await socket.closed_with() == TOO_FAST


async def test_what_was_refused_was_not_done(connect, alice, direct) -> None:
    socket = await connect(alice)
    for number in range(20):
        body = {"conversationId": direct.conversation_id, "content": str(number)}
        await socket.say("sendMessage", body, id=number)
    answers = [await socket.answer_to(number) for number in range(5)]
    assert {answer["event"] for answer in answers} == {"messageSent"}
    assert await socket.hears_nothing(of="messageSent", within=2)
    page = await socket.ask("getMessages", {"conversationId": direct.conversation_id})
    assert [message["content"] for message in page["data"]["messages"]] == list("01234")


async def test_more_connections_are_not_more_speed(connect, alice, bob) -> None:
    """All of a person's connections together may send three times what one may."""
    sockets = [await connect(alice) for _ in range(5)]
    for socket in sockets:
        for number in range(5):
            await socket.say("getConversations", id=number)
    answers = [await socket.hear() for socket in sockets for _ in range(5)]
    assert 15 <= [answer["event"] for answer in answers].count("conversationsList") < 20
    assert (await (await connect(bob)).ask("getConversations"))["event"] == "conversationsList"


async def test_one_person_cannot_take_all_sockets(connect, knock, alice, bob, monkeypatch) -> None:
    assert settings.SOCKETS_PER_PERSON == 100
    monkeypatch.setattr(settings, "SOCKETS_PER_PERSON", 2)
    first, second = await connect(alice), await connect(alice)
    token = await in_thread(access_token, alice)
    third = await knock(authorization=f"Bearer {token}").open()
    assert await third.closed_with() == TOO_FAST
    await connect(bob)
    await first.leave()
    await connect(alice)
    assert (await second.ask("getConversations"))["event"] == "conversationsList"


@pytest.mark.parametrize("size", [10, 60_000])
async def test_what_waits_is_bounded_in_frames_and_in_bytes(
    connect, alice, direct, no_limits, size
) -> None:
    socket = await connect(alice)
    frame = json.dumps({"event": "getConversations"}).ljust(size)
    for _ in range(400):
        await socket.say_text(frame)
    assert await socket.closed_with() == TOO_FAST
