"""The command deleteMessageForMe."""


async def test_the_other_devices_of_the_person_learn_of_it_alone(
    connect, alice, bob, direct
) -> None:
    phone, desk, other = await connect(alice), await connect(alice), await connect(bob)
    there = {"conversationId": direct.conversation_id}
    sent = (await other.ask("sendMessage", {**there, "content": "Hello"}))["data"]
    asked = await phone.ask("deleteMessageForMe", {**there, "messageId": sent["id"]})
    assert asked["event"] == "ok"
    heard = (await desk.hear("messageDeletedForMe"))["data"]
    assert heard == {**there, "messageId": sent["id"], "seq": 1, "number": 1}
    page = await phone.ask("getMessages", there)
    assert page["data"]["messages"] == []
    assert await other.hears_nothing(of="messageDeletedForMe")


async def test_what_is_not_there_is_not_found(connect, alice, direct) -> None:
    socket = await connect(alice)
    there = {"conversationId": direct.conversation_id, "messageId": 4711}
    answer = await socket.ask("deleteMessageForMe", there)
    assert answer["data"]["errors"][0]["code"] == "not_found"
