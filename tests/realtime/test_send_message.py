"""The command sendMessage."""

from uuid import uuid4


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
