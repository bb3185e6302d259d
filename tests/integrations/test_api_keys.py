"""What lets a bot in: made once, shown once, and worth nothing as soon as somebody says so."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import ApiKey, AuditEntry, Session
from accounts.services.api_keys import create_api_key, revoke_api_key, rotate_api_key
from accounts.throttling import Throttle
from accounts.websocket import identify_token
from chatproject.errors import Conflict, Forbidden, Invalid, SignInRequired
from tests.cast import PASSWORD
from tests.contract_client import ContractClient

ME = "/api/auth/me"


def bearer(secret: str) -> ContractClient:
    client = ContractClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


@pytest.fixture
def made(alice, robo):
    return create_api_key(actor=alice, bot=robo, name=" CI ", scopes=["messages:write"])


def test_a_program_acts_as_the_bot(made, robo) -> None:
    key, secret = made
    answer = bearer(secret).get(ME)
    assert (answer.status_code, answer.json()["id"]) == (200, robo.pk)
    assert secret.startswith("parley_key_") and len(secret) == 51
    assert key.hint == secret[:15] and key.name == "CI"


def test_the_secret_is_nowhere_to_be_read(made) -> None:
    key, secret = made
    assert secret[15:] not in str(ApiKey.objects.values().get())
    (entry,) = AuditEntry.objects.filter(action="api_key.created")
    assert entry.data == {"key": "CI", "bot": "Robo", "scopes": "messages:write"}


def test_a_revoked_key_opens_nothing_at_once(made, alice) -> None:
    key, secret = made
    revoke_api_key(actor=alice, key=key)
    revoke_api_key(actor=alice, key=key)
    refused = bearer(secret).get(ME)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (401, "token_not_valid")
    assert refused["WWW-Authenticate"] == 'Bearer realm="api"'
    assert AuditEntry.objects.filter(action="api_key.revoked").count() == 1


def test_a_new_secret_ends_the_one_before(made, alice) -> None:
    key, before = made
    _key, after = rotate_api_key(actor=alice, key=key)
    assert bearer(before).get(ME).status_code == 401
    assert bearer(after).get(ME).status_code == 200
    revoke_api_key(actor=alice, key=key)
    with pytest.raises(Conflict):
        rotate_api_key(actor=alice, key=key)


def test_a_key_ends_when_it_was_said_to(alice, robo) -> None:
    soon = timezone.now() + timedelta(days=1)
    key, secret = create_api_key(
        actor=alice, bot=robo, name="CI", scopes=["messages:read"], expires_at=soon
    )
    assert bearer(secret).get(ME).status_code == 200
    ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now())
    assert bearer(secret).get(ME).status_code == 401
    with pytest.raises(Invalid):
        create_api_key(
            actor=alice, bot=robo, name="Past", scopes=["messages:read"], expires_at=timezone.now()
        )


@pytest.mark.parametrize("field", ["bot", "organization"])
def test_the_key_of_a_closed_account_opens_nothing(made, robo, field) -> None:
    closed = robo if field == "bot" else robo.organization
    closed.is_active = False
    closed.save(update_fields=["is_active"])
    assert bearer(made[1]).get(ME).status_code == 401


@pytest.mark.parametrize("secret", ["parley_key_", "parley_key_" + "x" * 40, "parley_hook_ä"])
def test_what_is_no_key_is_refused(secret, db) -> None:
    assert bearer(secret).get(ME).status_code == 401


def test_when_it_was_used_is_noted_now_and_then(made, django_assert_num_queries) -> None:
    key, secret = made
    program = bearer(secret)
    program.get(ME)
    used = ApiKey.objects.get().last_used_at
    assert used is not None
    program.get(ME)
    assert ApiKey.objects.get().last_used_at == used
    with django_assert_num_queries(1):
        program.get("/api/capabilities")


def test_each_key_has_limits_of_its_own(made, alice, robo, monkeypatch) -> None:
    monkeypatch.setattr(Throttle, "rates", {**Throttle.rates, "api-key": "2/min"})
    first, (_key, other) = (
        bearer(made[1]),
        create_api_key(actor=alice, bot=robo, name="Other", scopes=["messages:read"]),
    )
    assert [first.get(ME).status_code for _ in range(3)] == [200, 200, 429]
    asked = bearer(other).get("/api/capabilities")
    assert asked.status_code == 200
    assert asked["RateLimit-Policy"] == '"api-key";q=2;w=60'


async def test_a_key_opens_no_socket() -> None:
    with pytest.raises(SignInRequired) as refused:
        await identify_token("parley_key_" + "x" * 40)
    assert refused.value.code == "key_not_for_sockets"


def test_nobody_signs_in_as_a_bot(made, robo, client, run_tasks, mailoutbox) -> None:
    body = {"email": robo.email, "password": PASSWORD}
    assert client.post("/api/auth/token", body, "application/json").status_code == 401
    client.post("/api/auth/password/reset", {"email": robo.email}, "application/json")
    run_tasks()
    assert not mailoutbox and not Session.objects.filter(user=robo).exists()


def test_only_administrators_of_its_organization_make_keys(bob, mallory, robo, made) -> None:
    for stranger in (bob, mallory):
        with pytest.raises(Forbidden):
            create_api_key(actor=stranger, bot=robo, name="Mine", scopes=["messages:read"])
        with pytest.raises(Forbidden):
            rotate_api_key(actor=stranger, key=made[0])
        with pytest.raises(Forbidden):
            revoke_api_key(actor=stranger, key=made[0])
    assert bearer(made[1]).get(ME).status_code == 200


@pytest.mark.parametrize("scopes", [[], ["messages:read", "everything"]])
def test_a_key_has_scopes_that_there_are(alice, robo, scopes) -> None:
    with pytest.raises(Invalid):
        create_api_key(actor=alice, bot=robo, name="CI", scopes=scopes)
