"""The command setPreferences."""


async def test_the_other_devices_of_the_person_learn_of_it(connect, alice, bob, direct) -> None:
    phone, desk, other = await connect(alice), await connect(alice), await connect(bob)
    there = {"conversationId": direct.conversation_id}
    assert (await phone.ask("setPreferences", {**there, "pinned": True}))["event"] == "ok"
    heard = (await desk.hear("preferencesChanged"))["data"]
    assert heard["conversationId"] == direct.conversation_id
    assert heard["pinnedAt"]
    assert await other.hears_nothing(of="preferencesChanged")


async def test_a_mute_that_is_none_is_refused(connect, alice, direct) -> None:
    socket = await connect(alice)
    there = {"conversationId": direct.conversation_id}
    answer = await socket.ask("setPreferences", {**there, "mute": "an hour"})
    assert answer["data"]["type"] == "validation_error"
