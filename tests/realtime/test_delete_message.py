"""The command deleteMessage."""


async def test_everybody_is_told_and_the_text_is_gone(connect, alice, bob, direct) -> None:
    socket, bobs = await connect(alice), await connect(bob)
    sent = await socket.ask(
        "sendMessage", {"conversationId": direct.conversation_id, "content": "Oops"}
    )
    place = {"conversationId": direct.conversation_id, "messageId": sent["data"]["id"]}
    assert (await socket.ask("deleteMessage", place))["event"] == "ok"
    assert (await bobs.hear("messageDeleted"))["data"]["messageId"] == sent["data"]["id"]
    page = await bobs.ask("getMessages", {"conversationId": direct.conversation_id})
    (tombstone,) = page["data"]["messages"]
    assert (tombstone["seq"], tombstone["content"]) == (1, "")
    assert tombstone["deletedAt"]


async def test_anothers_message_is_not_deleted(connect, alice, bob, direct) -> None:
    socket, bobs = await connect(alice), await connect(bob)
    sent = await socket.ask(
        "sendMessage", {"conversationId": direct.conversation_id, "content": "Mine"}
    )
    place = {"conversationId": direct.conversation_id, "messageId": sent["data"]["id"]}
    answer = await bobs.ask("deleteMessage", place)
    assert answer["data"]["errors"][0]["code"] == "cannot_delete"
    assert await socket.hears_nothing(of="messageDeleted")


async def test_an_outsider_gets_404_and_no_event(connect, alice, mallory, direct) -> None:
    socket, mallorys = await connect(alice), await connect(mallory)
    sent = await socket.ask(
        "sendMessage", {"conversationId": direct.conversation_id, "content": "Secret"}
    )
    place = {"conversationId": direct.conversation_id, "messageId": sent["data"]["id"]}
    answer = await mallorys.ask("deleteMessage", place)
    assert answer["data"]["errors"][0]["code"] == "not_found"
    await socket.ask("deleteMessage", place)
    assert await mallorys.hears_nothing()
