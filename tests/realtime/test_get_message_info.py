"""The command getMessageInfo."""


async def test_it_tells_who_has_a_message(connect, alice, bob, direct) -> None:
    socket, bobs = await connect(alice), await connect(bob)
    there = {"conversationId": direct.conversation_id}
    sent = await socket.ask("sendMessage", {**there, "content": "Hello"})
    message = {**there, "messageId": sent["data"]["id"]}
    answer = await socket.ask("getMessageInfo", message)
    assert (answer["event"], answer["data"]["remainingCount"]) == ("messageInfo", 1)
    await bobs.ask("markMessagesAsRead", there)
    answer = await socket.ask("getMessageInfo", message)
    (receipt,) = answer["data"]["receipts"]
    assert receipt["user"]["id"] == bob.pk
    assert receipt["isRead"] and receipt["readAt"] and receipt["deliveredAt"]
    refusal = await bobs.ask("getMessageInfo", message)
    assert refusal["data"]["errors"][0]["code"] == "cannot_see_receipts"


async def test_an_outsider_gets_404(connect, alice, mallory, direct) -> None:
    socket, mallorys = await connect(alice), await connect(mallory)
    there = {"conversationId": direct.conversation_id}
    sent = await socket.ask("sendMessage", {**there, "content": "Secret"})
    answer = await mallorys.ask("getMessageInfo", {**there, "messageId": sent["data"]["id"]})
    assert answer["data"]["errors"][0]["code"] == "not_found"
