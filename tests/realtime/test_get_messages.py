"""The command getMessages."""

import pytest


async def test_pages_before_after_and_around(connect, alice, direct, no_limits) -> None:
    socket = await connect(alice)
    for number in range(1, 8):
        body = {"conversationId": direct.conversation_id, "content": str(number)}
        await socket.ask("sendMessage", body)

    async def page(**query: int) -> list[int]:
        answer = await socket.ask(
            "getMessages", {"conversationId": direct.conversation_id, **query}
        )
        assert answer["event"] == "messagesLoaded"
        return [message["seq"] for message in answer["data"]["messages"]]

    assert await page() == [1, 2, 3, 4, 5, 6, 7]
    assert await page(limit=2) == [6, 7]
    assert await page(before=4, limit=2) == [2, 3]
    assert await page(after=4, limit=2) == [5, 6]
    assert await page(around=4, limit=4) == [3, 4, 5, 6]


@pytest.mark.parametrize(
    "query", [{"before": 1, "after": 1}, {"limit": 0}, {"limit": 101}, {"after": "abc"}]
)
async def test_an_impossible_question_is_refused(connect, alice, direct, query) -> None:
    socket = await connect(alice)
    answer = await socket.ask("getMessages", {"conversationId": direct.conversation_id, **query})
    assert answer["data"]["type"] == "validation_error"


async def test_an_outsider_gets_404(connect, mallory, direct) -> None:
    socket = await connect(mallory)
    answer = await socket.ask("getMessages", {"conversationId": direct.conversation_id})
    assert answer["data"]["errors"][0]["code"] == "not_found"
