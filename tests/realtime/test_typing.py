"""The command typing."""

import pytest

from chatproject.threads import in_thread
from conversations.services.members import leave


async def test_the_others_are_told_and_nobody_is_answered(
    connect, alice, bob, carol, group
) -> None:
    socket, bobs, carols = await connect(alice), await connect(bob), await connect(carol)
    where = {"conversationId": group.conversation_id}
    await socket.say("typing", {**where, "isTyping": True, "kind": "voice"}, id=1)
    for other in (bobs, carols):
        assert (await other.hear("userTyping"))["data"] == {
            **where,
            "userId": alice.pk,
            "isTyping": True,
            "kind": "voice",
        }
    assert await socket.hears_nothing(of="userTyping")
    await socket.say("typing", {**where, "isTyping": False})
    assert (await bobs.hear("userTyping"))["data"]["isTyping"] is False


async def test_who_left_types_to_nobody(connect, alice, bob, group) -> None:
    await in_thread(leave, actor=bob, conversation_id=group.conversation_id)
    socket, bobs = await connect(alice), await connect(bob)
    where = {"conversationId": group.conversation_id}
    answer = await bobs.ask("typing", {**where, "isTyping": True})
    assert answer["event"] == "error"
    await socket.say("typing", {**where, "isTyping": True})
    assert await socket.hears_nothing(of="userTyping")
    assert await bobs.hears_nothing(of="userTyping")


@pytest.mark.parametrize("data", [{}, {"isTyping": "perhaps"}, {"isTyping": True, "kind": "song"}])
async def test_a_wrong_body_is_refused(connect, alice, group, data) -> None:
    answer = await (await connect(alice)).ask(
        "typing", {"conversationId": group.conversation_id, **data}
    )
    assert answer["data"]["type"] == "validation_error"


async def test_an_outsider_gets_404_and_no_event(connect, alice, bob, mallory, direct) -> None:
    socket, bobs, mallorys = await connect(alice), await connect(bob), await connect(mallory)
    where = {"conversationId": direct.conversation_id, "isTyping": True}
    answer = await mallorys.ask("typing", where)
    assert answer["data"]["errors"][0]["code"] == "not_found"
    assert await bobs.hears_nothing(of="userTyping")
    await socket.say("typing", where)
    await bobs.hear("userTyping")
    assert await mallorys.hears_nothing()
