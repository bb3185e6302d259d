"""The broker is a hint: whatever happens to Redis, sends succeed, and sockets are live again soon."""

import asyncio
from time import monotonic
from typing import Any

import pytest

from chatproject import realtime
from tests.realtime.broker import Broker, broker
from tests.realtime.conftest import Socket

pytestmark = pytest.mark.once

# The promise is that every socket is live again within so many seconds.
LIVE_AGAIN = 15
DELIVERY_TIME = 2


@pytest.fixture
def over_redis(settings, tmp_path):
    """The sockets of this process meet over a real Redis."""
    with broker(tmp_path) as running:
        settings.CHANNEL_LAYERS = {
            "default": {
                "BACKEND": "chatproject.channel_layer.WatchedPubSubChannelLayer",
                "CONFIG": {"hosts": [{"address": running.url, "socket_timeout": 30}]},
            }
        }
        yield running


class Talk:
    """Alice and Bob, each with a socket."""

    def __init__(self, alice: Socket, bob: Socket, conversation_id: int) -> None:
        self.alice, self.bob = alice, bob
        self.conversation_id = conversation_id

    async def say(self, content: str) -> bool:
        """Alice is answered in any case. True if Bob is told of it."""
        body = {"conversationId": self.conversation_id, "content": content}
        answer = await self.alice.ask("sendMessage", body)
        assert answer["event"] == "messageSent", answer
        for _ in range(DELIVERY_TIME * 10):
            told = await self.bob.hears(within=0.1)
            if content in [frame["data"].get("content") for frame in told]:
                return True
        return False


@pytest.fixture
async def talk(over_redis: Broker, connect, alice, bob, direct) -> Talk:
    return Talk(await connect(alice), await connect(bob), direct.conversation_id)


async def heard_resync(socket) -> float:
    started = monotonic()
    async with asyncio.timeout(LIVE_AGAIN):
        while not [one for one in await socket.hears(within=0.5) if one["event"] == "resync"]:
            pass
    return monotonic() - started


async def test_an_event_goes_over_redis(over_redis, talk) -> None:
    assert await talk.say("Hi")
    assert b"asgi" in over_redis.ask("PUBSUB", "CHANNELS")[0]


def publishes(broker: Broker) -> int:
    statistics: Any = broker.ask("INFO", "commandstats")
    calls: int = statistics["cmdstat_publish"]["calls"]
    return calls


async def test_an_event_goes_over_redis_once_however_many_it_is_for(
    over_redis, connect, alice, bob, carol, group
) -> None:
    socket, *others = [await connect(person) for person in (alice, bob, carol)]
    messages = 20
    before = publishes(over_redis)
    for number in range(messages):
        body = {"conversationId": group.conversation_id, "content": str(number)}
        await socket.ask("sendMessage", body)
    for other in others:
        heard = [(await other.hear("newMessage"))["data"]["content"] for _ in range(messages)]
        assert heard == [str(number) for number in range(messages)]
    # Somebody's presence may be among them.
    assert publishes(over_redis) - before < messages * 2


async def test_a_lost_subscription_is_noticed_and_told(over_redis, talk) -> None:
    assert await talk.say("before")
    over_redis.ask("CLIENT", "KILL", "TYPE", "pubsub")
    for socket in (talk.alice, talk.bob):
        await heard_resync(socket)
    assert await talk.say("after")


async def test_a_restart_of_redis_costs_no_socket_and_no_send(over_redis, talk) -> None:
    assert await talk.say("before")
    over_redis.kill()
    assert not await talk.say("meanwhile")
    over_redis.start()
    for socket in (talk.alice, talk.bob):
        await heard_resync(socket)
    assert await talk.say("after")
    bob = talk.bob
    page = (await bob.ask("sync", {"conversations": {}}))["data"]["conversations"][0]
    assert [message["content"] for message in page["messages"]] == ["before", "meanwhile", "after"]


async def test_flushing_redis_makes_nobody_deaf(over_redis, talk) -> None:
    assert await talk.say("before")
    over_redis.ask("FLUSHALL")
    assert await talk.say("after")


async def test_a_freeze_delays_events_and_nothing_else(over_redis, talk) -> None:
    assert await talk.say("before")
    with over_redis.frozen():
        assert not await talk.say("meanwhile")
        # Longer than any one publish is waited for.
        await asyncio.sleep(realtime.PUBLISH_TIMEOUT)
    told = await talk.bob.hears(within=LIVE_AGAIN / 2)
    assert {"newMessage", "resync"} & {frame["event"] for frame in told}
    assert await talk.say("after")


async def test_who_comes_while_redis_is_away_is_served_and_told_later(
    over_redis, connect, alice, bob, direct
) -> None:
    over_redis.kill()
    socket, bobs = await connect(alice), await connect(bob)
    body = {"conversationId": direct.conversation_id, "content": "Hi"}
    assert (await socket.ask("sendMessage", body))["event"] == "messageSent"
    over_redis.start()
    await heard_resync(bobs)
    await socket.hears(within=1)
    assert (await socket.ask("sendMessage", body))["event"] == "messageSent"
    assert (await bobs.hear("newMessage"))["data"]["content"] == "Hi"


async def test_tabs_that_come_and_go_at_once_leave_the_last_one_live(
    over_redis, connect, alice, bob, direct
) -> None:
    socket = await connect(alice)
    for _ in range(5):
        leaving, staying = await asyncio.gather(connect(bob), connect(bob))
        await asyncio.gather(leaving.leave(), connect(bob))
        await staying.leave()
    tabs = await asyncio.gather(*(connect(bob) for _ in range(5)))
    body = {"conversationId": direct.conversation_id, "content": "Hi"}
    await socket.ask("sendMessage", body)
    for tab in tabs:
        assert (await tab.hear("newMessage"))["data"]["content"] == "Hi"
