import pytest

from accounts.models import AuditEntry, Session
from tests.accounts.conftest import code
from tests.cast import PASSWORD

NEW = "staple correct battery"


def change(client, current=PASSWORD, new=NEW):
    given = {"currentPassword": current, "newPassword": new}
    return client.post("/api/auth/password", given)


def test_every_other_device_is_signed_out(alice, bob, sign_in, bearing, anonymous):
    other, untouched = sign_in(alice), sign_in(bob)
    mine = sign_in(alice)
    assert change(bearing(mine["access"])).status_code == 204
    assert bearing(mine["access"]).get("/api/auth/me").status_code == 200
    assert bearing(other["access"]).get("/api/auth/me").status_code == 401
    refreshed = anonymous.post("/api/auth/token/refresh", {"refresh": other["refresh"]})
    assert refreshed.status_code == 401
    assert bearing(untouched["access"]).get("/api/auth/me").status_code == 200
    alice.refresh_from_db()
    assert alice.check_password(NEW)
    assert AuditEntry.objects.filter(action="password.changed", actor=alice).count() == 1


@pytest.mark.parametrize(
    ("current", "new", "attr", "reason"),
    [
        ("wrong horse battery", NEW, "currentPassword", "wrong_password"),
        (PASSWORD, "short", "newPassword", "password_too_short"),
        (PASSWORD, "alice@acme.example", "newPassword", "password_too_similar"),
        (PASSWORD, "password123", "newPassword", "password_too_common"),
    ],
)
def test_a_refused_change_changes_nothing(alice, sign_in, bearing, current, new, attr, reason):
    sign_in(alice)
    answer = change(bearing(sign_in(alice)["access"]), current, new)
    assert (answer.status_code, code(answer)) == (400, reason)
    assert answer.json()["errors"][0]["attr"] == attr
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)
    assert not Session.objects.exclude(revoked_at=None).exists()


def test_nobody_changes_it_without_signing_in(anonymous, db):
    assert change(anonymous).status_code == 401


def test_the_page_keeps_its_browser_signed_in(alice, browser, sign_in, bearing):
    other, client = sign_in(alice), browser(alice)
    refused = client.post("/settings/password", {"current_password": "no", "new_password": NEW})
    assert "This is not your password." in refused.content.decode()
    answer = client.post("/settings/password", {"current_password": PASSWORD, "new_password": NEW})
    assert answer["Location"] == "/settings/devices"
    assert client.get("/settings/devices").status_code == 200
    assert bearing(other["access"]).get("/api/auth/me").status_code == 401
