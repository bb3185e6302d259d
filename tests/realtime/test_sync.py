"""The command sync."""

import pytest


async def test_what_happened_meanwhile_is_all_there(connect, alice, bob, direct, no_limits) -> None:
    socket = await connect(alice)
    where = {"conversationId": direct.conversation_id}
    first = await socket.ask("sendMessage", {**where, "content": "Before"})
    held = {str(direct.conversation_id): first["data"]["version"]}
    for number in range(20):
        await socket.ask("sendMessage", {**where, "content": str(number)})
    answer = await (await connect(bob)).ask("sync", {"conversations": held})
    assert answer["event"] == "syncResult"
    (changes,) = answer["data"]["conversations"]
    assert [message["content"] for message in changes["messages"]] == [
        str(number) for number in range(20)
    ]
    assert changes["conversation"]["unreadCount"] == 21
    again = {str(direct.conversation_id): changes["version"]}
    answer = await (await connect(bob)).ask("sync", {"conversations": again})
    assert answer["data"]["conversations"] == []


@pytest.mark.parametrize(
    "conversations", [None, [], {"x": 1}, {"1": -1}, {"1": "x"}, {"0": 1}, {"1": 10**30}]
)
async def test_a_wrong_question_is_refused(connect, alice, conversations) -> None:
    answer = await (await connect(alice)).ask("sync", {"conversations": conversations})
    assert answer["data"]["type"] == "validation_error"


async def test_an_outsider_is_told_that_it_is_not_there(connect, alice, mallory, direct) -> None:
    held = {str(direct.conversation_id): 0, "999999": 0}
    answer = await (await connect(mallory)).ask("sync", {"conversations": held})
    assert answer["data"]["conversations"] == []
    assert answer["data"]["gone"] == [direct.conversation_id, 999999]
