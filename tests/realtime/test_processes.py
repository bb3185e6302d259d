"""Two server processes over Redis are one chat."""

import contextlib
import time

import pytest
from websockets.exceptions import ConnectionClosed

from tests.live import Site
from tests.realtime.clients import Client, Pair, client, pair

pytestmark = pytest.mark.live

IDLE_SOCKETS = 20
IDLE_TIME = 30

REVOKE = """
import django; django.setup()
from accounts.models import Session
from accounts.services.sessions import Reason, revoke_session
session = Session.objects.filter(user_id={user_id}).latest('pk')
revoke_session(actor=None, session=session, reason=Reason.REVOKED)
"""


@pytest.fixture
def people(production_site: Site) -> Pair:
    return pair(production_site, devices=IDLE_SOCKETS // 2)


def say_and_hear(speaker: Client, listener: Client, people: Pair) -> None:
    body = {"conversationId": people.conversation_id, "content": "Hi"}
    sent = speaker.ask("sendMessage", body)
    assert sent["event"] == "messageSent"
    # Everybody hears also what they said themselves.
    while (heard := listener.hear("newMessage")["data"])["senderId"] != sent["data"]["senderId"]:
        pass
    assert heard == sent["data"]


def test_what_is_said_on_one_is_heard_on_the_other(production_site: Site, people: Pair) -> None:
    here, there = production_site.urls[:2]
    with client(here, people.alice[0]) as alice:
        with client(there, people.bob[0]) as bob:
            told = alice.hear("userStatusChanged")["data"]
            assert (told["userId"], told["isOnline"]) == (people.bob_id, True)
            say_and_hear(alice, bob, people)
            where = {"conversationId": people.conversation_id}
            bob.ask("markMessagesAsRead", where)
            assert alice.hear("messagesRead")["data"]["userId"] == people.bob_id
            bob.say("typing", {**where, "isTyping": True})
            assert alice.hear("userTyping")["data"]["userId"] == people.bob_id
            say_and_hear(bob, alice, people)
            status = alice.ask("getOnlineStatus", {"userIds": [people.bob_id]})
            assert status["data"]["users"][0]["isOnline"]
        told = alice.hear("userStatusChanged")["data"]
        assert (told["userId"], told["isOnline"]) == (people.bob_id, False)


def test_a_revocation_by_any_process_closes_the_socket_at_once(
    production_site: Site, people: Pair
) -> None:
    # The newest session is that of the last token.
    with client(production_site.urls[1], people.alice[-1]) as alice:
        production_site.run("-c", REVOKE.format(user_id=people.alice_id))
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                alice.hear()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4403


def test_idle_sockets_stay_open_and_live(production_site: Site, people: Pair) -> None:
    """The stock layer closes them one after another, since redis-py's reads time out."""
    here, there = production_site.urls[:2]
    with contextlib.ExitStack() as stack:
        alices = [stack.enter_context(client(here, token)) for token in people.alice]
        bobs = [stack.enter_context(client(there, token)) for token in people.bob]
        assert len(alices) + len(bobs) == IDLE_SOCKETS
        time.sleep(IDLE_TIME)
        sent = alices[0].ask(
            "sendMessage", {"conversationId": people.conversation_id, "content": "Still here?"}
        )
        for one in [*alices[1:], *bobs]:
            assert one.hear("newMessage")["data"]["id"] == sent["data"]["id"]
