from django.contrib.auth import BACKEND_SESSION_KEY

from accounts.models import Session
from accounts.services import members, sessions


def test_a_revoked_device_signs_its_browser_out(alice, browser):
    client = browser(alice)
    device = Session.objects.get()
    sessions.revoke_session(actor=alice, session=device, reason=sessions.Reason.REVOKED)
    assert client.get("/settings/profile")["Location"].startswith("/sign-in")
    assert dict(client.session) == {}


def test_so_does_deactivation(alice, bob, browser):
    client = browser(bob)
    members.deactivate(actor=alice, person=bob)
    assert client.get("/settings/profile").status_code == 302
    assert client.get("/api/auth/me").status_code == 401


def test_a_sign_in_by_djangos_own_form_gets_a_device_too(alice, client):
    client.force_login(alice)
    assert client.get("/settings/profile").status_code == 200
    assert client.get("/settings/profile").status_code == 200
    device = Session.objects.get()
    sessions.revoke_session(actor=alice, session=device, reason=sessions.Reason.REVOKED)
    assert client.get("/settings/profile").status_code == 302
    assert Session.objects.count() == 1


def test_a_cookie_that_names_somebody_elses_device_is_worthless(alice, mallory, browser):
    client = browser(mallory)
    stolen = sessions.start_session(user=alice, kind="browser")
    session = client.session
    session["session_id"] = stolen.pk
    session.save()
    assert client.get("/settings/profile").status_code == 302
    assert BACKEND_SESSION_KEY not in client.session


def test_our_pages_use_the_api_by_cookie_with_the_csrf_token(alice, browser):
    client = browser(alice)
    client.handler.enforce_csrf_checks = True
    assert client.get("/api/auth/me").json()["id"] == alice.pk
    change = {"path": "/api/auth/me", "data": {"about": "Hi"}, "content_type": "application/json"}
    assert client.patch(**change).status_code == 403
    client.get("/settings/profile")
    token = client.cookies["csrftoken"].value
    assert client.patch(**change, headers={"x-csrftoken": token}).status_code == 200
    alice.refresh_from_db()
    assert alice.about == "Hi"


def test_a_page_finds_its_person_in_one_query(alice, browser, django_assert_num_queries):
    client = browser(alice)
    client.get("/api/auth/me")
    with django_assert_num_queries(2):
        # The cookie's session comes from the cache; the device; the privacy settings of the answer.
        client.get("/api/auth/me")
