"""The command markMessagesAsRead."""


async def test_the_sender_is_told_and_my_other_devices(connect, alice, bob, direct) -> None:
    socket = await connect(alice)
    bobs, bobs_phone = await connect(bob), await connect(bob)
    where = {"conversationId": direct.conversation_id}
    await socket.ask("sendMessage", {**where, "content": "Hi"})
    assert (await bobs.ask("markMessagesAsRead", where))["event"] == "ok"
    for told in (await socket.hear("messagesRead"), await bobs_phone.hear("messagesRead")):
        assert (told["data"]["userId"], told["data"]["upToSeq"]) == (bob.pk, 1)


async def test_reading_again_tells_nobody(connect, alice, bob, direct) -> None:
    socket, bobs = await connect(alice), await connect(bob)
    where = {"conversationId": direct.conversation_id}
    await socket.ask("sendMessage", {**where, "content": "Hi"})
    await bobs.ask("markMessagesAsRead", where)
    await socket.hear("messagesRead")
    assert (await bobs.ask("markMessagesAsRead", {**where, "upToSeq": 0}))["event"] == "ok"
    assert await socket.hears_nothing(of="messagesRead")


async def test_an_outsider_gets_404_and_no_event(connect, alice, bob, mallory, direct) -> None:
    socket, bobs, mallorys = await connect(alice), await connect(bob), await connect(mallory)
    where = {"conversationId": direct.conversation_id}
    await socket.ask("sendMessage", {**where, "content": "Hi"})
    answer = await mallorys.ask("markMessagesAsRead", where)
    assert answer["data"]["errors"][0]["code"] == "not_found"
    assert await socket.hears_nothing(of="messagesRead")
    await bobs.ask("markMessagesAsRead", where)
    assert await mallorys.hears_nothing()
