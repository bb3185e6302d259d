"""The command markMessagesAsDelivered."""


async def test_the_sender_is_told(connect, alice, bob, direct) -> None:
    socket, bobs = await connect(alice), await connect(bob)
    where = {"conversationId": direct.conversation_id}
    await socket.ask("sendMessage", {**where, "content": "Hi"})
    assert (await bobs.ask("markMessagesAsDelivered", {**where, "upToSeq": 1}))["event"] == "ok"
    told = (await socket.hear("messageDelivered"))["data"]
    assert (told["userId"], told["upToSeq"]) == (bob.pk, 1)


async def test_what_does_not_exist_yet_is_not_confirmed(connect, alice, bob, direct) -> None:
    socket, bobs = await connect(alice), await connect(bob)
    where = {"conversationId": direct.conversation_id}
    await socket.ask("sendMessage", {**where, "content": "Hi"})
    assert (await bobs.ask("markMessagesAsDelivered", {**where, "upToSeq": 99}))["event"] == "ok"
    assert (await socket.hear("messageDelivered"))["data"]["upToSeq"] == 1
    answer = await bobs.ask("markMessagesAsDelivered", {**where, "upToSeq": -1})
    assert answer["data"]["errors"][0]["attr"] == "upToSeq"


async def test_an_outsider_gets_404_and_no_event(connect, alice, bob, mallory, direct) -> None:
    socket, bobs, mallorys = await connect(alice), await connect(bob), await connect(mallory)
    where = {"conversationId": direct.conversation_id}
    await socket.ask("sendMessage", {**where, "content": "Hi"})
    answer = await mallorys.ask("markMessagesAsDelivered", {**where, "upToSeq": 1})
    assert answer["data"]["errors"][0]["code"] == "not_found"
    assert await socket.hears_nothing(of="messageDelivered")
    await bobs.ask("markMessagesAsDelivered", where)
    assert await mallorys.hears_nothing()
