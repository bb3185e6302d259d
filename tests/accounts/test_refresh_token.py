from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import jwt
import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.tokens import AccessToken

from accounts.models import AuditEntry, Session
from accounts.services import members, sessions
from tests.accounts.conftest import code


def refresh(token, client=None):
    return (client or APIClient()).post("/api/auth/token/refresh", {"refresh": token})


def test_a_refresh_gives_a_new_pair_for_the_same_device(alice, sign_in, bearing):
    first = sign_in(alice)
    second = refresh(first["refresh"]).json()
    assert second["refresh"] != first["refresh"]
    assert bearing(second["access"]).get("/api/auth/me").status_code == 200
    assert refresh(second["refresh"]).status_code == 200
    assert Session.objects.count() == 1


def test_a_refresh_token_used_twice_signs_the_device_out(alice, sign_in, bearing):
    first = sign_in(alice)
    second = refresh(first["refresh"]).json()
    again = refresh(first["refresh"])
    assert (again.status_code, code(again)) == (401, "token_reused")
    assert refresh(second["refresh"]).status_code == 401
    assert bearing(second["access"]).get("/api/auth/me").status_code == 401
    assert Session.objects.get().revoked_reason == "token_reused"
    assert AuditEntry.objects.filter(action="session.refresh_token_reused").count() == 1
    assert AuditEntry.objects.filter(action="session.revoked").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_refreshes_at_once_one_wins_and_the_device_is_signed_out(alice, sign_in):
    token = sign_in(alice)["refresh"]

    def use(_):
        try:
            return refresh(token).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(use, range(6)))
    assert sorted(statuses) == [200, 401, 401, 401, 401, 401]
    assert Session.objects.get().revoked_reason == "token_reused"


def test_the_deactivated_get_no_new_tokens(alice, bob, sign_in):
    token = sign_in(bob)["refresh"]
    members.deactivate(actor=alice, person=bob)
    refused = refresh(token)
    assert (refused.status_code, code(refused)) == (401, "token_not_valid")


def test_nor_does_anybody_of_a_closed_organization(mallory, sign_in, bearing):
    pair = sign_in(mallory)
    mallory.organization.is_active = False
    mallory.organization.save()
    assert refresh(pair["refresh"]).status_code == 401
    assert bearing(pair["access"]).get("/api/auth/me").status_code == 401


def test_an_access_token_expires_and_a_refresh_token_too(alice, sign_in, bearing):
    pair = sign_in(alice)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert bearing(pair["access"]).get("/api/auth/me").status_code == 401
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert refresh(pair["refresh"]).status_code == 401


def test_only_a_refresh_token_refreshes(alice, sign_in):
    assert refresh(sign_in(alice)["access"]).status_code == 401
    assert refresh("nonsense").status_code == 401
    assert refresh("").status_code == 400


def test_a_token_that_names_somebody_elses_device_is_refused(alice, mallory, sign_in, bearing):
    sign_in(alice)
    forged = AccessToken.for_user(mallory)
    forged["sid"] = Session.objects.get().pk
    assert bearing(str(forged)).get("/api/auth/me").status_code == 401
    del forged.payload["sid"]
    assert bearing(str(forged)).get("/api/auth/me").status_code == 401


def test_a_change_of_the_servers_key_signs_nobody_out(alice, bearing, settings):
    """While the old one stands among the fallbacks."""
    old = "the key of yesterday, which was as long as it has to be"
    session = sessions.start_session(user=alice, kind="api")
    token = AccessToken.for_user(alice)
    token["sid"] = session.pk
    signed = TokenBackend("HS256", signing_key=old).encode(token.payload)
    assert bearing(signed).get("/api/auth/me").status_code == 401
    settings.SECRET_KEY_FALLBACKS = [old]
    assert bearing(signed).get("/api/auth/me").status_code == 200
    unsigned = jwt.encode(token.payload, "", algorithm="none")
    assert bearing(unsigned).get("/api/auth/me").status_code == 401
