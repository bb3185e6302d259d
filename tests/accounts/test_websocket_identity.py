"""Who opens a socket, in the four ways that there are."""

from datetime import timedelta

import pytest
import time_machine
from channels.db import database_sync_to_async
from django.conf import settings
from django.utils import timezone

from accounts.models import Session
from accounts.services import members, sessions
from accounts.websocket import chosen_protocol, identify, identify_token, is_own_origin
from chatproject.errors import Forbidden, SignInRequired

pytestmark = pytest.mark.django_db(transaction=True)


def scope(*, protocols=(), **headers):
    return {
        "type": "websocket",
        "client": ["127.0.0.1", 50000],
        "subprotocols": list(protocols),
        "headers": [
            (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()
        ],
    }


def cookie_of(client):
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


@pytest.fixture
def token(alice, sign_in):
    return sign_in(alice)["access"]


async def test_by_bearer_header(alice, token):
    identity = await identify(scope(authorization=f"Bearer {token}"))
    assert identity.user == alice
    assert identity.session_id == (await Session.objects.aget()).pk
    assert identity.expires_at
    assert identity.expires_at > timezone.now()


async def test_by_sub_protocol(alice, token):
    opened = scope(protocols=["chat.v1", f"bearer.{token}"])
    assert (await identify(opened)).user == alice
    assert chosen_protocol(opened) == "chat.v1"
    assert chosen_protocol(scope(protocols=[f"bearer.{token}"])) is None


async def test_by_a_first_frame(alice, token):
    assert await identify(scope()) is None
    assert (await identify_token(token)).user == alice


async def test_by_the_cookie_of_our_own_page(alice, browser):
    client = await database_sync_to_async(browser)(alice)
    opened = scope(cookie=cookie_of(client), host="testserver", origin="http://testserver")
    identity = await identify(opened)
    assert (identity.user, identity.expires_at) == (alice, None)


@pytest.mark.parametrize(
    "origin", ["", "null", "https://evil.example", "http://testserver.evil.example", "http://["]
)
async def test_no_other_page_uses_the_cookie(alice, browser, origin):
    client = await database_sync_to_async(browser)(alice)
    opened = scope(cookie=cookie_of(client), host="testserver", origin=origin)
    with pytest.raises(Forbidden):
        await identify(opened)


async def test_a_cookie_that_signs_nobody_in_is_nobody(db):
    opened = scope(cookie=f"{settings.SESSION_COOKIE_NAME}=nonsense", host="testserver")
    assert await identify(opened) is None


async def test_a_revoked_browser_is_nobody(alice, browser):
    client = await database_sync_to_async(browser)(alice)
    device = await Session.objects.select_related("user__organization").aget()
    await database_sync_to_async(sessions.sign_out)(session=device)
    opened = scope(cookie=cookie_of(client), host="testserver", origin="http://testserver")
    assert await identify(opened) is None


async def test_a_revoked_or_expired_token_is_refused(alice, token):
    with time_machine.travel(timezone.now() + timedelta(minutes=11)), pytest.raises(SignInRequired):
        await identify_token(token)
    device = await Session.objects.select_related("user__organization").aget()
    await database_sync_to_async(sessions.sign_out)(session=device)
    with pytest.raises(SignInRequired):
        await identify(scope(authorization=f"Bearer {token}"))


async def test_the_deactivated_open_no_socket(alice, bob, sign_in):
    token = (await database_sync_to_async(sign_in)(bob))["access"]
    await database_sync_to_async(members.deactivate)(actor=alice, person=bob)
    with pytest.raises(SignInRequired):
        await identify_token(token)


@pytest.mark.parametrize("nonsense", ["x", "a.b.c", "é", "\ud800"])
async def test_nonsense_is_refused(nonsense):
    with pytest.raises(SignInRequired):
        await identify_token(nonsense)


@pytest.mark.parametrize(
    ("origin", "host", "is_own"),
    [
        ("http://testserver", "testserver", True),
        ("http://testserver:8000", "testserver:8000", True),
        ("http://testserver:9000", "testserver:8000", False),
        ("http://evil.example", "evil.example", False),
        ("https://chat.example", "testserver", True),
        ("http://chat.example", "testserver", False),
        ("https://a.wild.example", "testserver", True),
        ("https://wild.example.evil", "testserver", False),
        ("file://testserver", "testserver", False),
    ],
)
def test_origins(settings, origin, host, is_own):
    settings.CSRF_TRUSTED_ORIGINS = ["https://chat.example", "https://*.wild.example"]
    assert is_own_origin(origin, host=host) is is_own
