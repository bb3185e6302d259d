"""What daphne itself makes of wrong frames: the socket stays where it can, and never ends with 1011."""

import json
import random

import pytest
from websockets.exceptions import ConnectionClosed

from tests.live import Site
from tests.realtime.clients import client, pair

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def people(embedded_site: Site):
    return pair(embedded_site, devices=3)


def test_a_frame_above_ours_is_answered_and_one_above_the_servers_is_cut_off(
    embedded_site: Site, people
) -> None:
    with client(embedded_site.url, people.alice[0]) as alice:
        alice.connection.send("x" * 100_000)
        assert alice.hear("error")["data"]["errors"][0]["code"] == "frame_too_large"
        alice.connection.send("x" * 300_000)
        with pytest.raises(ConnectionClosed) as cut:
            while True:
                alice.hear()
    assert cut.value.rcvd is None


def test_random_bytes_get_errors_and_the_socket_stays(embedded_site: Site, people) -> None:
    chance = random.Random(1)
    with client(embedded_site.url, people.alice[1]) as alice:
        for _ in range(20):
            noise = chance.randbytes(chance.randrange(1, 200))
            alice.connection.send(noise)
            alice.connection.send(noise.decode("latin-1"))
            alice.connection.send([noise.decode("latin-1"), "", "in fragments"])
        for _ in range(60):
            assert alice.hear("error")
        assert alice.ask("getConversations", {})["event"] == "conversationsList"


def test_a_long_page_arrives_whole(embedded_site: Site) -> None:
    """Longer than what the server would accept, and than one fragment."""
    people = pair(embedded_site, messages=100, length=4000)
    with client(embedded_site.url, people.alice[0]) as alice:
        page = {"conversationId": people.conversation_id, "limit": 100}
        answer = alice.ask("getMessages", page)
    assert len(json.dumps(answer)) > 400_000
    assert len(answer["data"]["messages"]) == 100


def test_events_keep_their_order_for_a_client_that_falls_behind_and_catches_up(
    embedded_site: Site,
) -> None:
    """What is written at once, what waits, and what goes out in fragments are one stream."""
    people = pair(embedded_site, messages=100, length=4000)
    where = {"conversationId": people.conversation_id}
    with (
        client(embedded_site.url, people.alice[0]) as alice,
        client(embedded_site.url, people.bob[0]) as bob,
    ):
        for number in range(10):
            bob.say("getMessages", {**where, "limit": 100}, id=number)
        for length in (1, 10, 4000) * 20:
            alice.ask("sendMessage", {**where, "content": "x" * length})
        heard: list[int] = []
        answered: list[int] = []
        while len(heard) < 60 or len(answered) < 10:
            frame = bob.hear()
            heard += [frame["data"]["seq"]] if frame["event"] == "newMessage" else []
            answered += [frame["id"]] if frame["event"] == "messagesLoaded" else []
    assert heard == list(range(101, 161))
    assert answered == list(range(10))
