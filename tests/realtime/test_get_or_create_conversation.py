"""The command getOrCreateConversation."""

import asyncio

from chatproject.threads import in_thread
from conversations.models import Conversation


async def test_a_new_one_is_loaded_and_both_are_told(connect, alice, bob) -> None:
    socket, bobs = await connect(alice), await connect(bob)
    answer = await socket.ask("getOrCreateConversation", {"targetUserId": bob.pk})
    assert answer["event"] == "conversationLoaded"
    assert answer["data"]["created"] is True
    assert answer["data"]["messages"] == []
    assert answer["data"]["conversation"]["peer"]["id"] == bob.pk
    told = await bobs.hear("conversationUpdated")
    assert told["data"]["conversation"]["id"] == answer["data"]["conversation"]["id"]


async def test_an_old_one_comes_with_its_latest_messages(connect, alice, bob, direct) -> None:
    socket, bobs = await connect(alice), await connect(bob)
    body = {"conversationId": direct.conversation_id, "content": "Hi"}
    await socket.ask("sendMessage", body)
    answer = await bobs.ask("getOrCreateConversation", {"targetUserId": alice.pk})
    assert answer["data"]["created"] is False
    assert [message["content"] for message in answer["data"]["messages"]] == ["Hi"]
    assert await socket.hears_nothing(of="conversationUpdated")


async def test_both_at_once_meet_in_one(connect, alice, bob) -> None:
    socket, bobs = await connect(alice), await connect(bob)
    answers = await asyncio.gather(
        socket.ask("getOrCreateConversation", {"targetUserId": bob.pk}),
        bobs.ask("getOrCreateConversation", {"targetUserId": alice.pk}),
    )
    assert len({answer["data"]["conversation"]["id"] for answer in answers}) == 1
    assert await in_thread(Conversation.objects.count) == 1


async def test_a_guest_may_not_begin(connect, gus, bob) -> None:
    guests = await connect(gus)
    bobs = await connect(bob)
    answer = await guests.ask("getOrCreateConversation", {"targetUserId": bob.pk})
    assert answer["data"]["errors"][0]["code"] == "cannot_message"
    assert await bobs.hears_nothing()


async def test_an_outsider_gets_404_and_no_event(connect, alice, mallory) -> None:
    socket, mallorys = await connect(alice), await connect(mallory)
    answer = await mallorys.ask("getOrCreateConversation", {"targetUserId": alice.pk})
    assert answer["data"]["errors"][0]["code"] == "not_found"
    assert await socket.hears_nothing()
    assert not await in_thread(Conversation.objects.exists)
