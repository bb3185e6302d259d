"""Who may come in by Socket.IO, by either transport, and what the others are told."""

import asyncio

import pytest
from django.conf import settings

from accounts.models import Session
from accounts.services.sessions import Reason, revoke_session
from chatproject.socket_io import engine
from chatproject.threads import in_thread
from tests.realtime.socket_io import (
    CONNECT,
    DISCONNECT,
    HELLO,
    PATH,
    REFUSED,
    Client,
    Poller,
    WebSocketClient,
    token_of,
)
from tests.realtime.test_authentication import cookie_of, short_lived_token

EVIL = "https://evil.example"


def refusal(code: str, close_code: int) -> tuple[str, dict]:
    return REFUSED, {"message": code, "data": {"code": code, "closeCode": close_code}}


async def test_a_good_token_lets_one_in(visitor, alice) -> None:
    client: Client = await visitor()
    kind, content = await client.enter(token=await token_of(alice))
    connected = await client.hear("connected")
    assert (kind, content) == (CONNECT, {"sid": connected["connectionId"]})
    assert connected["user"]["id"] == alice.pk


async def test_so_does_a_token_in_the_header(visitor, alice) -> None:
    client = await visitor(authorization=f"Bearer {await token_of(alice)}")
    assert (await client.enter())[0] == CONNECT


@pytest.mark.parametrize("auth", [{}, {"token": ""}, {"token": 7}, {"token": None}, {"key": "x"}])
async def test_no_token_is_refused_with_its_code(visitor, db, auth) -> None:
    client = await visitor()
    assert await client.enter(**auth) == refusal("not_authenticated", 4401)
    assert await client.is_cut_off()


@pytest.mark.parametrize("token", ["nonsense", "é\x00\n", "x" * 10_000])
async def test_a_bad_token_is_refused_with_its_code(visitor, db, token) -> None:
    client = await visitor()
    assert await client.enter(token=token) == refusal("token_not_valid", 4401)
    assert await client.is_cut_off()


async def test_an_expired_token_is_refused_with_its_code(visitor, alice) -> None:
    token = await in_thread(short_lived_token, alice, seconds=-60)
    assert await (await visitor()).enter(token=token) == refusal("token_not_valid", 4401)


async def test_a_token_of_a_revoked_session_is_refused_with_its_code(visitor, alice) -> None:
    token = await token_of(alice)
    await in_thread(sign_out, alice)
    assert await (await visitor()).enter(token=token) == refusal("token_not_valid", 4401)


async def test_a_token_in_the_address_counts_for_nothing(http, alice) -> None:
    client = Poller(http)
    client.address["token"] = await token_of(alice)
    await client.open()
    assert await client.enter() == refusal("not_authenticated", 4401)


async def test_the_cookie_of_our_own_page_lets_one_in(visitor, alice) -> None:
    cookie = await in_thread(cookie_of, alice)
    client = await visitor(cookie=cookie, host="localhost", origin="http://localhost")
    assert (await client.enter())[0] == CONNECT


async def test_the_cookie_without_an_origin_does_not(visitor, alice) -> None:
    client = await visitor(cookie=await in_thread(cookie_of, alice), host="localhost")
    assert await client.enter() == refusal("origin_not_allowed", 4403)


async def test_a_cookie_that_is_no_longer_good_does_not(visitor, db) -> None:
    cookie = f"{settings.SESSION_COOKIE_NAME}=nonsense"
    client = await visitor(cookie=cookie, host="localhost", origin="http://localhost")
    assert await client.enter() == refusal("not_authenticated", 4401)


async def test_a_page_of_another_origin_is_not_answered(http, knock, alice) -> None:
    headers = {"cookie": await in_thread(cookie_of, alice), "origin": EVIL}
    answer = await http.get(PATH, params=HELLO, headers=headers)
    assert answer.status_code == 400
    assert "access-control-allow-origin" not in answer.headers
    socket = WebSocketClient(knock, host="localhost", **headers).socket
    assert not (await socket.communicator.connect(timeout=10))[0]


async def test_a_page_of_an_origin_that_the_settings_name_comes_with_a_token_only(
    visitor, alice, settings
) -> None:
    settings.SOCKET_IO_ORIGINS = ["https://app.example"]
    headers = {"origin": "https://app.example", "cookie": await in_thread(cookie_of, alice)}
    assert await (await visitor(**headers)).enter() == refusal("origin_not_allowed", 4403)
    assert (await (await visitor(**headers)).enter(token=await token_of(alice)))[0] == CONNECT


async def test_a_browser_is_told_which_origins_may_read_the_answer(http, db, settings) -> None:
    settings.SOCKET_IO_ORIGINS = ["https://app.example"]
    headers = {"origin": "https://app.example"}
    answer = await http.get(PATH, params=HELLO, headers=headers)
    assert answer.headers["access-control-allow-origin"] == "https://app.example"
    preflight = await http.options(PATH, params=HELLO, headers={"origin": EVIL})
    assert preflight.status_code == 400


async def test_who_says_nothing_is_cut_off(visitor, db, monkeypatch) -> None:
    monkeypatch.setattr("chatproject.socket_io.session.ENTRY_TIME", 0.2)
    assert await (await visitor()).is_cut_off()


async def test_over_the_limit_the_oldest_stranger_makes_room(visitor, alice, monkeypatch) -> None:
    monkeypatch.setattr(engine, "MAX_STRANGERS", 2)
    known = await visitor()
    await known.enter(token=await token_of(alice))
    strangers = [await visitor() for _ in range(3)]
    assert await strangers[0].is_cut_off()
    assert len(engine.ENGINE.strangers) == 2
    assert (await known.ask("getConversations", {}))["conversations"] == []


async def test_more_sockets_than_a_person_may_have_are_sent_away(
    visitor, alice, monkeypatch
) -> None:
    monkeypatch.setattr(settings, "SOCKETS_PER_PERSON", 1)
    first, second = await visitor(), await visitor()
    await first.enter(token=await token_of(alice))
    await second.send(f'40{{"token": "{await token_of(alice)}"}}')
    assert await second.is_cut_off()


# --- And who may stay ----------------------------------------------------------------------------


async def test_a_revoked_session_is_told_and_does_not_come_back(visitor, alice) -> None:
    client = await visitor()
    await client.enter(token=await token_of(alice))
    await client.hear("connected")
    await in_thread(sign_out, alice)
    assert await client.hear("sessionRevoked")
    assert await client.hear("closed") == {"code": 4403}
    # By this a client knows that it must not reconnect by itself.
    assert (await client.hear_packet())[0] == DISCONNECT
    assert await client.is_cut_off()


async def test_a_token_that_expires_must_be_renewed(visitor, alice, monkeypatch) -> None:
    monkeypatch.setattr("conversations.consumers.EXPIRY_LEEWAY", 0)
    kept, lost = await visitor(), await visitor()
    for client in (kept, lost):
        await client.enter(token=await in_thread(short_lived_token, alice, seconds=2))
        await client.hear("connected")
    renewed = await kept.ask("authenticate", {"token": await token_of(alice)})
    assert renewed["user"]["id"] == alice.pk
    assert await lost.hear("closed") == {"code": 4401}
    assert (await lost.hear_packet())[0] == DISCONNECT
    assert (await kept.ask("getConversations", {}))["conversations"] == []


async def test_a_renewal_with_somebody_elses_token_is_refused(visitor, alice, bob) -> None:
    client = await visitor()
    await client.enter(token=await token_of(alice))
    answer = await client.ask("authenticate", {"token": await token_of(bob)})
    assert answer["errors"][0]["code"] == "another_person"


async def test_who_leaves_is_gone_at_once(visitor, alice) -> None:
    client = await visitor()
    await client.enter(token=await token_of(alice))
    await client.hear("connected")
    await client.send("41")
    assert await client.is_cut_off()
    async with asyncio.timeout(5):
        while engine.ENGINE.sockets:
            await asyncio.sleep(0.01)


def sign_out(user) -> None:
    session = Session.objects.filter(user=user).latest("pk")
    revoke_session(actor=user, session=session, reason=Reason.SIGNED_OUT_ELSEWHERE)
