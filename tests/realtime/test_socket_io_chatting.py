"""The chat over Socket.IO: the same rules, answers and events as on our own socket."""

import asyncio
import json
from typing import Any

from conversations.models import Message, Participant
from tests.realtime.socket_io import token_of


async def test_without_a_callback_the_answer_is_an_event(guest, alice, bob) -> None:
    client = await guest(alice)
    await client.say("getOrCreateConversation", {"targetUserId": bob.pk})
    loaded = await client.hear("conversationLoaded")
    await client.say("getConversations", {})
    listed = await client.hear("conversationsList")
    assert [one["id"] for one in listed["conversations"]] == [loaded["conversation"]["id"]]


async def test_with_one_it_is_the_callbacks(guest, direct, alice) -> None:
    client = await guest(alice)
    sent = await client.ask("sendMessage", {**where(direct), "content": "Hello!"})
    assert (sent["content"], sent["seq"], sent["senderId"]) == ("Hello!", 1, alice.pk)
    # Given by the server, since the clients of old give none.
    assert sent["clientId"]
    assert (await client.ask("markMessagesAsRead", where(direct))) == {}


async def test_a_callback_of_what_has_no_answer_is_called_at_once(
    guest, connect, direct, alice, bob
):
    client, bobs = await guest(alice), await connect(bob)
    assert await client.ask("typing", {**where(direct), "isTyping": True}) == {}
    assert (await bobs.hear("userTyping"))["data"]["userId"] == alice.pk


async def test_a_refusal_is_told_to_the_callback_or_as_an_event(guest, direct, alice) -> None:
    client = await guest(alice)
    await client.say("sendMessage", {**where(direct), "content": ""})
    told = await client.hear("error")
    assert told["errors"][0] == told["errors"][0] | {"attr": "content", "code": "string_too_short"}
    assert await client.ask("sendMessage", {**where(direct), "content": ""}) == told


async def test_an_outsider_is_told_of_nothing_and_tells_nobody(
    guest, connect, direct, alice, mallory
) -> None:
    watching, client = await connect(alice), await guest(mallory)
    commands: dict[str, dict[str, Any]] = {
        "sendMessage": {"content": "Let me in"},
        "getMessages": {},
        "markMessagesAsRead": {},
        "markMessagesAsDelivered": {},
        "editMessage": {"messageId": 1, "content": "Let me in"},
        "deleteMessage": {"messageId": 1},
        "deleteMessageForMe": {"messageId": 1},
        "getMessageInfo": {"messageId": 1},
        "setPreferences": {"pinned": True},
    }
    for name, data in commands.items():
        answer = await client.ask(name, {**where(direct), **data})
        assert [error["code"] for error in answer["errors"]] == ["not_found"], name
    answer = await client.ask("getOrCreateConversation", {"targetUserId": alice.pk})
    assert answer["errors"][0]["code"] == "not_found"
    assert (await client.ask("getOnlineStatus", {"userIds": [alice.pk]}))["users"] == []
    assert await watching.hears_nothing()
    assert not await Message.objects.aexists()


async def test_a_message_handed_over_counts_as_delivered(
    guest, connect, direct, alice, bob
) -> None:
    alices, client = await connect(alice), await guest(bob)
    await alices.ask("sendMessage", {**where(direct), "content": "Are you there?"})
    assert (await client.hear("newMessage"))["content"] == "Are you there?"
    delivered = (await alices.hear("messageDelivered"))["data"]
    assert (delivered["userId"], delivered["upToSeq"]) == (bob.pk, 1)


async def test_so_does_one_of_a_page_that_was_missed(guest, connect, direct, alice, bob) -> None:
    alices = await connect(alice)
    await alices.ask("sendMessage", {**where(direct), "content": "For later"})
    client = await guest(bob)
    assert await alices.hears_nothing(of="messageDelivered")
    await client.ask("getOrCreateConversation", {"targetUserId": alice.pk})
    assert (await alices.hear("messageDelivered"))["data"]["upToSeq"] == 1


async def test_what_a_poll_has_not_fetched_is_not_delivered(
    visitor, connect, direct, alice, bob
) -> None:
    client = await visitor()
    if not hasattr(client, "poll"):
        return
    alices = await connect(alice)
    await client.enter(token=await token_of(bob))
    await client.hear("connected")
    await alices.ask("sendMessage", {**where(direct), "content": "Are you there?"})
    assert await alices.hears_nothing(of="messageDelivered", within=0.5)
    await client.hear("newMessage")
    assert (await alices.hear("messageDelivered"))["data"]["upToSeq"] == 1


async def test_who_confirms_by_themselves_is_not_spoken_for(
    guest, connect, direct, alice, bob
) -> None:
    alices, client = await connect(alice), await guest(bob)
    await client.ask("markMessagesAsDelivered", where(direct))
    await alices.ask("sendMessage", {**where(direct), "content": "Are you there?"})
    await client.hear("newMessage")
    assert await alices.hears_nothing(of="messageDelivered", within=0.5)
    await client.ask("markMessagesAsDelivered", {**where(direct), "upToSeq": 1})
    assert (await alices.hear("messageDelivered"))["data"]["upToSeq"] == 1


async def test_many_messages_are_confirmed_without_using_up_the_clients_own_pace(
    guest, connect, group, alice, bob, monkeypatch
) -> None:
    alices, client = await connect(alice), await guest(bob)
    for number in range(50):
        await alices.ask("sendMessage", {**where(group), "content": str(number)})
    heard = [(await client.hear("newMessage"))["seq"] for _ in range(50)]
    assert heard == sorted(heard)
    while (await alices.hear("messageDelivered"))["data"]["upToSeq"] < heard[-1]:
        pass
    for _ in range(20):
        assert (await client.ask("getOnlineStatus", {"userIds": []})) == {"users": []}


async def test_all_devices_of_all_kinds_hear_the_same(guest, connect, direct, alice, bob) -> None:
    by_socket_io, by_socket = await guest(bob), await connect(bob)
    sender = await guest(alice)
    await sender.ask("sendMessage", {**where(direct), "content": "To all of you"})
    theirs = await by_socket_io.hear("newMessage")
    assert theirs == (await by_socket.hear("newMessage"))["data"]
    assert theirs == await sender.hear("newMessage")


async def test_commands_are_carried_out_in_their_order(guest, direct, alice) -> None:
    client = await guest(alice)
    body = where(direct)
    for number in range(20):
        await client.say("sendMessage", {**body, "content": str(number)}, number)
    numbers: list[tuple[int, int, int]] = []
    while len(numbers) < 20:
        kind, content = await client.hear_packet()
        if kind.startswith("3"):
            numbers.append((int(kind[1:]), int(content[0]["content"]), content[0]["seq"]))
    assert numbers == [(number, number, number + 1) for number in range(20)]


async def test_what_was_said_before_leaving_is_done(guest, direct, alice) -> None:
    client = await guest(alice)
    body = json.dumps(["sendMessage", {**where(direct), "content": "And good night"}])
    await client.send(f"42{body}")
    await client.send("41")
    async with asyncio.timeout(10):
        while not await Message.objects.aexists():
            await asyncio.sleep(0.01)


def where(place: Participant) -> dict[str, int]:
    return {"conversationId": place.conversation_id}
