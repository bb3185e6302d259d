"""Who may open a socket, in four ways, and how long the credentials last."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.backends.cached_db import SessionStore
from django.test import RequestFactory
from rest_framework_simplejwt.tokens import AccessToken

from accounts.browser import sign_in_browser
from accounts.models import Session, User
from chatproject.threads import in_thread
from conversations import consumers
from tests.conftest import access_token

SIGN_IN, REVOKED = 4401, 4403
# With the time that it takes to refuse.
PROMPTLY = 2


def short_lived_token(user: User, *, seconds: float) -> str:
    token = AccessToken(access_token(user))  # type: ignore[arg-type]
    token.set_exp(lifetime=timedelta(seconds=seconds))
    return str(token)


def cookie_of(user: User) -> str:
    """As a browser has it after signing in on our page."""
    request = RequestFactory().post("/sign-in")
    request.session = SessionStore()
    sign_in_browser(request, user)
    request.session.save()
    return f"{settings.SESSION_COOKIE_NAME}={request.session.session_key}"


async def test_by_bearer_header(knock, alice) -> None:
    token = await in_thread(access_token, alice)
    socket = await knock(authorization=f"Bearer {token}").open()
    greeting = await socket.hear()
    assert greeting["event"] == "connected"
    assert "id" not in greeting
    assert greeting["data"]["user"]["id"] == alice.pk
    assert greeting["data"]["connectionId"]
    assert greeting["data"]["capabilities"]["maxFrameBytes"] == 64 * 1024


async def test_by_sub_protocol_which_is_never_repeated(knock, alice) -> None:
    token = await in_thread(access_token, alice)
    socket = await knock(protocols=["chat.v1", f"bearer.{token}"]).open()
    assert socket.protocol == "chat.v1"
    assert (await socket.hear())["data"]["user"]["id"] == alice.pk


async def test_by_first_frame(knock, alice) -> None:
    token = await in_thread(access_token, alice)
    socket = await knock().open()
    await socket.say("authenticate", {"token": token}, id="first")
    answer = await socket.hear()
    assert (answer["event"], answer["id"]) == ("authenticated", "first")
    assert answer["data"]["user"]["id"] == alice.pk
    assert answer["data"]["expiresAt"].endswith("Z")
    assert (await socket.hear())["event"] == "connected"


async def test_by_the_cookie_of_our_own_page(knock, alice) -> None:
    cookie = await in_thread(cookie_of, alice)
    socket = await knock(cookie=cookie, host="localhost", origin="http://localhost").open()
    assert (await socket.hear("connected"))["data"]["user"]["id"] == alice.pk


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://localhost.evil.example", "null"]
)
async def test_the_cookie_does_not_open_it_for_a_strangers_page(knock, alice, origin) -> None:
    cookie = await in_thread(cookie_of, alice)
    socket = knock(cookie=cookie, host="localhost", origin=origin)
    accepted, code = await socket.communicator.connect(timeout=10)
    assert not accepted
    assert code == REVOKED


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
async def test_a_bad_token_is_told_to_sign_in(knock, db, scheme) -> None:
    socket = await knock(authorization=f"{scheme} nonsense").open()
    assert await socket.closed_with(within=PROMPTLY) == SIGN_IN


async def test_an_expired_token_is_told_to_sign_in(knock, alice) -> None:
    token = await in_thread(short_lived_token, alice, seconds=-60)
    socket = await knock(protocols=["chat.v1", f"bearer.{token}"]).open()
    assert await socket.closed_with(within=PROMPTLY) == SIGN_IN


async def test_a_token_in_the_address_counts_for_nothing(knock, alice, monkeypatch) -> None:
    monkeypatch.setattr(consumers, "AUTHENTICATION_TIME", 0.1)
    token = await in_thread(access_token, alice)
    socket = await knock(path=f"/ws/chat/?token={token}").open()
    assert await socket.closed_with(within=PROMPTLY) == SIGN_IN


async def test_a_deactivated_person_opens_nothing(knock, alice) -> None:
    def deactivated_token() -> str:
        token = access_token(alice)
        User.objects.filter(pk=alice.pk).update(is_active=False)
        return token

    token = await in_thread(deactivated_token)
    socket = await knock(authorization=f"Bearer {token}").open()
    assert await socket.closed_with(within=PROMPTLY) == SIGN_IN


async def test_who_says_nothing_is_closed(knock, db, monkeypatch) -> None:
    assert consumers.AUTHENTICATION_TIME == 5
    monkeypatch.setattr(consumers, "AUTHENTICATION_TIME", 0.2)
    socket = await knock().open()
    assert await socket.closed_with(within=PROMPTLY) == SIGN_IN


@pytest.mark.parametrize(
    "frame",
    [
        '{"event": "getConversations", "id": 7, "data": {}}',
        '{"event": "authenticate", "id": 7, "data": {"token": "nonsense"}}',
        '{"event": "authenticate", "id": 7, "data": {}}',
    ],
)
async def test_before_authentication_nothing_else_is_answered(knock, db, frame) -> None:
    socket = await knock().open()
    await socket.say_text(frame)
    answer = await socket.hear()
    assert (answer["event"], answer["id"]) == ("error", 7)
    assert await socket.closed_with(within=PROMPTLY) == SIGN_IN


async def test_a_token_that_expires_closes_the_socket(knock, alice, monkeypatch) -> None:
    monkeypatch.setattr(consumers, "EXPIRY_LEEWAY", 0)
    token = await in_thread(short_lived_token, alice, seconds=2)
    socket = await knock(authorization=f"Bearer {token}").open()
    assert await socket.closed_with(within=4) == SIGN_IN


async def test_a_token_renewed_in_time_keeps_it_open(knock, alice, monkeypatch) -> None:
    monkeypatch.setattr(consumers, "EXPIRY_LEEWAY", 0)
    token = await in_thread(short_lived_token, alice, seconds=2)
    socket = await knock(authorization=f"Bearer {token}").open()
    renewed = await in_thread(access_token, alice)
    assert (await socket.ask("authenticate", {"token": renewed}))["event"] == "authenticated"
    assert await socket.hears_nothing(within=3)
    assert (await socket.ask("getConversations"))["event"] == "conversationsList"


async def test_a_bad_renewal_is_an_error_and_changes_nothing(connect, alice) -> None:
    socket = await connect(alice)
    answer = await socket.ask("authenticate", {"token": "nonsense"})
    assert answer["data"]["errors"][0]["code"] == "token_not_valid"
    assert (await socket.ask("getConversations"))["event"] == "conversationsList"


async def test_nobody_becomes_somebody_else(connect, alice, bob, direct) -> None:
    socket = await connect(alice)
    token = await in_thread(access_token, bob)
    answer = await socket.ask("authenticate", {"token": token})
    assert answer["data"]["errors"][0]["code"] == "another_person"
    body = {"conversationId": direct.conversation_id, "content": "Who am I?"}
    assert (await socket.ask("sendMessage", body))["data"]["senderId"] == alice.pk


async def test_a_connection_belongs_to_its_device(connect, alice) -> None:
    await connect(alice)
    await connect(alice)
    assert await in_thread(Session.objects.filter(user=alice).count) == 2
