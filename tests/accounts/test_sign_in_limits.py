from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.utils import timezone

from accounts.throttling import Throttle
from tests.accounts.conftest import code
from tests.cast import PASSWORD

LIMIT = 10
WRONG = "wrong horse battery"


@pytest.fixture(autouse=True)
def no_other_limit(monkeypatch) -> None:
    # Here only failures count; how many tries there are at all is tested apart.
    for scope in ("sign-in", "anon"):
        monkeypatch.setitem(Throttle.rates, scope, None)


def attempt(client, email, password=WRONG, address="127.0.0.1"):
    given = {"email": email, "password": password}
    return client.post("/api/auth/token", given, REMOTE_ADDR=address)


def test_the_tenth_failure_locks_the_account_for_this_address(alice, bob, anonymous):
    for _ in range(LIMIT - 1):
        assert attempt(anonymous, alice.email).status_code == 401
    locked = attempt(anonymous, alice.email)
    assert (locked.status_code, code(locked)) == (429, "locked_out")
    assert locked["Retry-After"] == "900"
    assert attempt(anonymous, alice.email, PASSWORD).status_code == 429
    assert attempt(anonymous, bob.email, PASSWORD).status_code == 200
    assert attempt(anonymous, alice.email, PASSWORD, address="10.9.8.7").status_code == 200


def test_the_lock_ends_by_itself_and_tries_do_not_prolong_it(alice, anonymous):
    for _ in range(LIMIT):
        attempt(anonymous, alice.email)
    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        assert attempt(anonymous, alice.email, PASSWORD).status_code == 429
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        assert attempt(anonymous, alice.email, PASSWORD).status_code == 200


def test_spelling_the_address_otherwise_does_not_help(alice, anonymous):
    for number in range(LIMIT):
        spelling = alice.email.upper() if number % 2 else f" {alice.email}"
        attempt(anonymous, spelling)
    assert attempt(anonymous, alice.email, PASSWORD).status_code == 429


def test_a_success_forgives_the_failures(alice, anonymous):
    for _ in range(3):
        for _ in range(LIMIT - 1):
            assert attempt(anonymous, alice.email).status_code == 401
        assert attempt(anonymous, alice.email, PASSWORD).status_code == 200


def test_an_address_that_tries_many_accounts_is_locked_whoever_it_is(alice, bob, anonymous):
    for number in range(5 * LIMIT):
        attempt(anonymous, f"somebody{number}@acme.example")
        if number % 9 == 0:
            # An account of one's own must not wipe the slate.
            attempt(anonymous, bob.email, PASSWORD)
    assert attempt(anonymous, alice.email, PASSWORD).status_code == 429
    assert attempt(anonymous, alice.email, PASSWORD, address="10.9.8.7").status_code == 200


def test_an_account_tried_from_many_addresses_is_locked(alice, anonymous):
    for number in range(10 * LIMIT):
        attempt(anonymous, alice.email, address=f"10.0.0.{number}")
    assert attempt(anonymous, alice.email, PASSWORD, address="10.9.8.7").status_code == 429


def test_a_made_up_forwarding_header_does_not_help(alice, anonymous):
    for number in range(LIMIT):
        anonymous.post(
            "/api/auth/token",
            {"email": alice.email, "password": WRONG},
            headers={"x-forwarded-for": f"10.0.0.{number}"},
        )
    assert attempt(anonymous, alice.email, PASSWORD).status_code == 429


def test_behind_a_trusted_proxy_the_client_counts(alice, anonymous, settings):
    settings.TRUSTED_PROXIES = ["127.0.0.0/8"]
    given = {"email": alice.email, "password": WRONG}
    for _ in range(LIMIT):
        anonymous.post("/api/auth/token", given, headers={"x-forwarded-for": "10.9.8.7"})
    given["password"] = PASSWORD
    for address, status in (("10.9.8.7", 429), ("10.9.8.6", 200)):
        answer = anonymous.post("/api/auth/token", given, headers={"x-forwarded-for": address})
        assert answer.status_code == status


def test_the_page_shows_the_lock(alice, client):
    for _ in range(LIMIT):
        answer = client.post("/sign-in", {"email": alice.email, "password": WRONG})
    assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    assert "Try again in 15 minutes" in answer.content.decode()
    assert client.post("/sign-in", {"email": alice.email, "password": PASSWORD}).status_code == 429


def test_the_limits_hold_for_whatever_else_asks_django(alice, anonymous, rf):
    """Such as a form of Django's own, which calls the address a user name."""
    for _ in range(LIMIT):
        request = rf.post("/somewhere")
        assert authenticate(request, username=alice.email.upper(), password=WRONG) is None
    assert attempt(anonymous, alice.email, PASSWORD).status_code == 429
