"""The command editMessage."""


async def test_everybody_is_told_of_the_new_text(connect, alice, bob, direct) -> None:
    socket, bobs = await connect(alice), await connect(bob)
    sent = await socket.ask(
        "sendMessage", {"conversationId": direct.conversation_id, "content": "Helo"}
    )
    place = {"conversationId": direct.conversation_id, "messageId": sent["data"]["id"]}
    assert (await socket.ask("editMessage", {**place, "content": "Hello"}))["event"] == "ok"
    told = (await bobs.hear("messageEdited"))["data"]
    assert (told["content"], told["seq"]) == ("Hello", 1)
    assert told["version"] > sent["data"]["version"]


async def test_anothers_message_is_not_edited(connect, alice, bob, direct) -> None:
    socket, bobs = await connect(alice), await connect(bob)
    sent = await socket.ask(
        "sendMessage", {"conversationId": direct.conversation_id, "content": "Mine"}
    )
    place = {"conversationId": direct.conversation_id, "messageId": sent["data"]["id"]}
    answer = await bobs.ask("editMessage", {**place, "content": "Yours"})
    assert answer["data"]["errors"][0]["code"] == "cannot_edit"
    assert await socket.hears_nothing(of="messageEdited")


async def test_an_outsider_gets_404_and_no_event(connect, alice, mallory, direct) -> None:
    socket, mallorys = await connect(alice), await connect(mallory)
    sent = await socket.ask(
        "sendMessage", {"conversationId": direct.conversation_id, "content": "Secret"}
    )
    place = {"conversationId": direct.conversation_id, "messageId": sent["data"]["id"]}
    answer = await mallorys.ask("editMessage", {**place, "content": "Known"})
    assert answer["data"]["errors"][0]["code"] == "not_found"
    await socket.ask("editMessage", {**place, "content": "Still secret"})
    assert await mallorys.hears_nothing()
