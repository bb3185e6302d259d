"""One order for all, and one socket's commands in the order in which it sent them."""

import asyncio

MESSAGES = 50


async def test_commands_of_one_socket_are_carried_out_in_their_order(
    connect, alice, bob, direct, no_limits
) -> None:
    socket, bobs = await connect(alice), await connect(bob)
    for number in range(MESSAGES):
        body = {"conversationId": direct.conversation_id, "content": str(number)}
        await socket.say("sendMessage", body, id=number)
    answers = [await socket.answer_to(number) for number in range(MESSAGES)]
    told = [await bobs.hear("newMessage") for _ in range(MESSAGES)]
    for frames in (answers, told):
        assert [frame["data"]["content"] for frame in frames] == [str(n) for n in range(MESSAGES)]
        assert [frame["data"]["seq"] for frame in frames] == list(range(1, MESSAGES + 1))


async def test_many_at_once_are_seen_in_one_order_by_everybody(
    connect, alice, bob, carol, group, no_limits
) -> None:
    sockets = [await connect(person) for person in (alice, bob, carol)]
    each = 10

    async def talk(socket) -> None:
        for number in range(each):
            body = {"conversationId": group.conversation_id, "content": str(number)}
            await socket.say("sendMessage", body)

    async def listen(socket) -> list[int]:
        return [(await socket.hear("newMessage"))["data"]["seq"] for _ in range(3 * each)]

    await asyncio.gather(*(talk(socket) for socket in sockets))
    heard = await asyncio.gather(*(listen(socket) for socket in sockets))
    assert heard[0] == heard[1] == heard[2]
    # The group began with a system line.
    assert sorted(heard[0]) == list(range(2, 2 + 3 * each))


async def test_what_was_received_before_leaving_is_done(connect, alice, bob, direct) -> None:
    socket, bobs = await connect(alice), await connect(bob)
    body = {"conversationId": direct.conversation_id, "content": "Bye"}
    await socket.say("sendMessage", body)
    await socket.leave()
    assert (await bobs.hear("newMessage"))["data"]["content"] == "Bye"
