import pytest

from accounts.models import AuditEntry, Session
from tests.accounts.conftest import code
from tests.cast import PASSWORD

WRONG = "wrong horse battery"


def post_token(client, email, password, **headers):
    return client.post("/api/auth/token", {"email": email, "password": password}, headers=headers)


def test_a_password_gives_a_device_and_its_tokens(alice, anonymous, bearing):
    answer = post_token(anonymous, alice.email, PASSWORD, user_agent="Test phone")
    assert answer.status_code == 200
    session = Session.objects.get()
    assert (session.user, session.kind, session.label) == (alice, "api", "Test phone")
    assert session.ip_address == "127.0.0.1"
    assert bearing(answer.json()["access"]).get("/api/auth/me").json()["id"] == alice.pk
    entry = AuditEntry.objects.get(action="session.started")
    assert (entry.actor, entry.target_id) == (alice, session.pk)


def test_the_address_is_taken_in_any_spelling(alice, anonymous):
    assert post_token(anonymous, f" {alice.email.upper()} ", PASSWORD).status_code == 200


def test_a_device_may_have_a_name_of_its_own(alice, anonymous):
    given = {"email": alice.email, "password": PASSWORD, "device": "Alice's phone"}
    anonymous.post("/api/auth/token", given)
    assert Session.objects.get().label == "Alice's phone"


def test_whatever_is_wrong_the_refusal_is_the_same(alice, bob, mallory, anonymous):
    bob.is_active = False
    bob.save()
    mallory.organization.is_active = False
    mallory.organization.save()
    refusals = [
        post_token(anonymous, alice.email, WRONG),
        post_token(anonymous, "nobody@acme.example", PASSWORD),
        post_token(anonymous, bob.email, PASSWORD),
        post_token(anonymous, mallory.email, PASSWORD),
    ]
    assert {answer.status_code for answer in refusals} == {401}
    assert len({answer.content for answer in refusals}) == 1
    assert code(refusals[0]) == "wrong_credentials"
    assert refusals[0]["WWW-Authenticate"]
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": "alice@acme.example"},
        {"email": "alice\x00@acme.example", "password": "x"},
        {"email": "alice@acme.example", "password": "x" * 10_000},
        {"email": ["a"], "password": {"b": 1}},
        [],
        "alice",
    ],
)
def test_nonsense_is_a_400(db, anonymous, body):
    answer = anonymous.post("/api/auth/token", body)
    assert answer.status_code == 400
    assert answer.json()["type"] == "validation_error"


def test_tokens_that_are_none_are_refused(alice, bearing, sign_in):
    pair = sign_in(alice)
    for text in ("", "x", "a.b.c", pair["refresh"], pair["access"] + "x", "é"):
        assert bearing(text).get("/api/auth/me").status_code == 401, text
    assert bearing(pair["access"] + " x").get("/api/auth/me").status_code == 401


def test_the_page_signs_in_and_goes_where_one_was_going(alice, client):
    answer = client.post(
        "/sign-in", {"email": alice.email, "password": PASSWORD, "next": "/settings/devices"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/settings/devices")
    assert Session.objects.get().kind == "browser"
    assert client.get("/settings/profile").status_code == 200
    assert client.get("/sign-in")["Location"] == "/"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"],
)
def test_the_page_goes_nowhere_else(alice, client, elsewhere):
    given = {"email": alice.email, "password": PASSWORD, "next": elsewhere}
    assert client.post("/sign-in", given)["Location"] == "/"


def test_the_page_tells_what_was_wrong(alice, client):
    answer = client.post("/sign-in", {"email": alice.email, "password": WRONG})
    assert answer.status_code == 200
    assert "The e-mail address or the password is wrong." in answer.content.decode()
    assert not Session.objects.exists()


def test_a_page_behind_the_door_sends_to_the_door(db, client):
    answer = client.get("/settings/profile")
    assert answer["Location"] == "/sign-in?next=/settings/profile"
