"""The command getOnlineStatus."""

import pytest


async def test_who_is_here_and_who_is_not(connect, alice, bob, carol, direct) -> None:
    socket = await connect(alice)
    await connect(bob)
    answer = await socket.ask("getOnlineStatus", {"userIds": [bob.pk, carol.pk]})
    assert answer["event"] == "onlineStatus"
    online = {one["userId"]: one["isOnline"] for one in answer["data"]["users"]}
    assert online == {bob.pk: True, carol.pk: False}


@pytest.mark.parametrize("user_ids", [None, "1", [0], [-1], ["x"], list(range(1, 502))])
async def test_a_wrong_question_is_refused(connect, alice, user_ids) -> None:
    answer = await (await connect(alice)).ask("getOnlineStatus", {"userIds": user_ids})
    assert answer["data"]["type"] == "validation_error"


async def test_an_outsider_is_told_of_nobody(connect, alice, mallory) -> None:
    await connect(alice)
    mallorys = await connect(mallory)
    answer = await mallorys.ask("getOnlineStatus", {"userIds": [alice.pk]})
    assert answer["data"]["users"] == []
