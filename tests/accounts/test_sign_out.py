from django.conf import settings

from accounts.models import AuditEntry, Session
from accounts.services.sessions import revoked_among


def test_signing_out_ends_the_tokens_at_once(alice, sign_in, bearing, anonymous):
    pair, other = sign_in(alice), sign_in(alice)
    client = bearing(pair["access"])
    assert client.post("/api/auth/logout").status_code == 204
    assert client.get("/api/auth/me").status_code == 401
    refreshed = anonymous.post("/api/auth/token/refresh", {"refresh": pair["refresh"]})
    assert refreshed.status_code == 401
    assert bearing(other["access"]).get("/api/auth/me").status_code == 200
    assert AuditEntry.objects.get(action="session.revoked").data["reason"] == "signed out"


def test_signing_out_twice_or_as_nobody_is_refused(alice, sign_in, bearing, anonymous):
    client = bearing(sign_in(alice)["access"])
    client.post("/api/auth/logout")
    assert client.post("/api/auth/logout").status_code == 401
    assert anonymous.post("/api/auth/logout").status_code == 401
    assert Session.objects.filter(revoked_reason="signed_out").count() == 1


def test_the_page_signs_the_browser_out(alice, browser):
    client = browser(alice)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out")["Location"] == "/sign-in"
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    assert client.get("/settings/profile").status_code == 302
    assert Session.objects.get().revoked_at


def test_sockets_can_ask_which_sessions_are_gone(alice, bob, sign_in, bearing):
    ended, deactivated, lives = (sign_in(person) for person in (alice, bob, alice))
    first, second, third = Session.objects.order_by("pk")
    bearing(ended["access"]).post("/api/auth/logout")
    bob.is_active = False
    bob.save()
    assert deactivated
    assert lives
    unknown = third.pk + 1
    assert revoked_among([first.pk, second.pk, third.pk, unknown]) == {
        first.pk,
        second.pk,
        unknown,
    }
