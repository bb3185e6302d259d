"""The command sendMessage."""

import asyncio
from uuid import uuid4

import pytest

from chatproject.threads import in_thread
from conversations.models import Message
from conversations.services.members import remove_member


async def test_the_sender_is_answered_and_every_device_concerned_is_told(
    connect, alice, bob, direct
) -> None:
    phone, laptop, bobs = await connect(alice), await connect(alice), await connect(bob)
    body = {"conversationId": direct.conversation_id, "content": "Hi", "clientId": str(uuid4())}
    answer = await phone.ask("sendMessage", body)
    assert answer["event"] == "messageSent"
    assert answer["data"]["seq"] == 1
    assert answer["data"]["clientId"] == body["clientId"]
    for socket in (laptop, bobs):
        told = await socket.hear("newMessage")
        assert told["data"] == answer["data"]
        assert "id" not in told


async def test_a_repeat_is_answered_alike_and_told_to_nobody(connect, alice, bob, direct) -> None:
    socket, bobs = await connect(alice), await connect(bob)
    body = {"conversationId": direct.conversation_id, "content": "Hi", "clientId": str(uuid4())}
    first = await socket.ask("sendMessage", body)
    await bobs.hear("newMessage")
    repeat = await socket.ask("sendMessage", body)
    assert repeat["data"] == first["data"]
    assert await bobs.hears_nothing(of="newMessage")
    assert await in_thread(Message.objects.count) == 1


async def test_the_same_key_from_several_devices_at_once_is_one_message(
    connect, alice, direct
) -> None:
    devices = [await connect(alice) for _ in range(5)]
    body = {"conversationId": direct.conversation_id, "content": "Hi", "clientId": str(uuid4())}
    answers = await asyncio.gather(*(device.ask("sendMessage", body) for device in devices))
    assert {answer["event"] for answer in answers} == {"messageSent"}
    assert len({answer["data"]["id"] for answer in answers}) == 1
    assert await in_thread(Message.objects.count) == 1


async def test_a_client_that_knows_no_keys_can_send_too(connect, alice, direct) -> None:
    socket = await connect(alice)
    body = {"conversationId": direct.conversation_id, "content": "Hello!"}
    assert (await socket.ask("sendMessage", body))["data"]["content"] == "Hello!"


@pytest.mark.parametrize(
    ("body", "attr"),
    [
        ({"content": ""}, "content"),
        ({"content": " \n "}, "content"),
        ({"content": "x" * 4001}, "content"),
        ({"content": "a\0b"}, "content"),
        ({"content": "Hi", "clientId": "not a uuid"}, "clientId"),
        ({"content": "Hi", "colour": "red"}, "colour"),
        ({"content": "Hi", "replyToId": 10**6}, "replyToId"),
        ({"content": "Hi", "conversationId": 10**30}, "conversationId"),
        ({"content": "Hi", "conversationId": None}, "conversationId"),
    ],
)
async def test_a_wrong_body_is_refused_by_name(connect, alice, direct, body, attr) -> None:
    socket = await connect(alice)
    answer = await socket.ask("sendMessage", {"conversationId": direct.conversation_id, **body})
    assert answer["event"] == "error"
    assert answer["data"]["type"] == "validation_error"
    assert answer["data"]["errors"][0]["attr"] == attr
    assert not await in_thread(Message.objects.exists)


async def test_the_same_key_with_another_body_is_a_conflict(connect, alice, direct) -> None:
    socket = await connect(alice)
    body = {"conversationId": direct.conversation_id, "clientId": str(uuid4())}
    await socket.ask("sendMessage", {**body, "content": "One thing"})
    answer = await socket.ask("sendMessage", {**body, "content": "Another thing"})
    assert answer["data"]["errors"][0]["code"] == "client_id_reused"


async def test_an_outsider_gets_404_and_no_event(connect, alice, mallory, carol, direct) -> None:
    alices, mallorys, carols = await connect(alice), await connect(mallory), await connect(carol)
    body = {"conversationId": direct.conversation_id, "content": "Let me in"}
    for outsider in (mallorys, carols):
        answer = await outsider.ask("sendMessage", body)
        assert answer["data"]["errors"][0]["code"] == "not_found"
    await alices.ask("sendMessage", {**body, "content": "Among ourselves"})
    assert await mallorys.hears_nothing()
    assert await carols.hears_nothing()
    assert await in_thread(Message.objects.count) == 1


async def test_who_was_removed_hears_nothing_more(connect, alice, bob, carol, group) -> None:
    socket, bobs, carols = await connect(alice), await connect(bob), await connect(carol)
    where = {"conversationId": group.conversation_id}
    await in_thread(
        remove_member, actor=alice, user_id=bob.pk, conversation_id=group.conversation_id
    )
    await bobs.hear("conversationUpdated")
    await socket.ask("sendMessage", {**where, "content": "Now that he is gone"})
    await carols.hear("newMessage")
    answer = await bobs.ask("sendMessage", {**where, "content": "I am still here"})
    assert answer["data"]["errors"][0]["code"] == "not_a_member"
    heard = await bobs.hears(within=0.5)
    assert "Now that he is gone" not in [frame["data"].get("content") for frame in heard]
