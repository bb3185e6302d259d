"""The command getConversations."""


async def test_newest_first_in_pages(connect, alice, bob, carol, direct, group) -> None:
    socket = await connect(alice)
    await socket.ask("sendMessage", {"conversationId": direct.conversation_id, "content": "Hi"})
    first = (await socket.ask("getConversations", {"limit": 1}))["data"]
    assert [one["id"] for one in first["conversations"]] == [direct.conversation_id]
    assert first["conversations"][0]["lastMessage"]["content"] == "Hi"
    rest = (await socket.ask("getConversations", {"cursor": first["nextCursor"]}))["data"]
    assert [one["id"] for one in rest["conversations"]] == [group.conversation_id]
    assert rest["nextCursor"] is None


async def test_a_cursor_of_somebody_elses_making_is_refused(connect, alice) -> None:
    socket = await connect(alice)
    for cursor in ("nonsense", "\0", "é", "bm9uc2Vuc2U="):
        answer = await socket.ask("getConversations", {"cursor": cursor})
        assert answer["data"]["type"] == "validation_error", cursor


async def test_an_outsider_sees_none(connect, mallory, direct, group) -> None:
    answer = await (await connect(mallory)).ask("getConversations")
    assert answer["data"]["conversations"] == []
