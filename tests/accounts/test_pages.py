"""Devices and people, by page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry, Invitation, Session, User
from accounts.roles import Role
from accounts.services import invitations, sessions
from tests.cast import person


def text(answer) -> str:
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


@pytest.mark.parametrize("path", ["profile", "privacy", "devices", "people"])
def test_every_page_opens_for_those_who_are_signed_in_only(alice, client, browser, path):
    assert client.get(f"/settings/{path}")["Location"] == f"/sign-in?next=/settings/{path}"
    shown = text(browser(alice).get(f"/settings/{path}"))
    assert "csrfmiddlewaretoken" in shown


def test_i_sign_out_a_device_and_all_others(alice, browser):
    client = browser(alice)
    for label in ("Phone", "Tablet", "<b>Fridge</b>"):
        sessions.start_session(user=alice, kind="api", label=label)
    shown = text(client.get("/settings/devices"))
    assert "Tablet" in shown
    assert "<b>Fridge" not in shown
    phone = Session.objects.get(label="Phone")
    client.post(f"/settings/devices/{phone.pk}/sign-out")
    phone.refresh_from_db()
    assert phone.revoked_reason == "signed_out_elsewhere"
    client.post("/settings/devices/sign-out-others")
    assert Session.objects.live().count() == 1
    assert "this device" in text(client.get("/settings/devices"))


def test_nobody_signs_out_somebody_elses_device(alice, bob, mallory, browser):
    phone = sessions.start_session(user=alice, kind="api", label="Phone")
    for somebody in (bob, mallory):
        answer = browser(somebody).post(f"/settings/devices/{phone.pk}/sign-out")
        assert answer.status_code == 404
    assert sessions.live_session(phone.pk)


def test_an_owner_changes_deactivates_and_reactivates_people(alice, bob, browser):
    client = browser(alice)
    client.post(f"/settings/people/{bob.pk}/role", {"role": "admin"})
    bob.refresh_from_db()
    assert bob.role == "admin"
    client.post(f"/settings/people/{bob.pk}/deactivate")
    assert "deactivated" in text(client.get("/settings/people"))
    client.post(f"/settings/people/{bob.pk}/reactivate")
    bob.refresh_from_db()
    assert bob.is_active
    assert AuditEntry.objects.filter(target_type="accounts.user", target_id=bob.pk).count() == 3


def test_a_refusal_is_shown(alice, browser):
    client = browser(alice)
    shown = client.post(f"/settings/people/{alice.pk}/deactivate", follow=True)
    assert "An organization needs an active owner." in text(shown)
    assert client.post(f"/settings/people/{alice.pk}/role", {"role": "king"}).status_code == 302
    alice.refresh_from_db()
    assert alice.role == Role.OWNER


def test_members_manage_nobody_and_outsiders_find_nobody(alice, bob, mallory, browser):
    invitation = invitations.create_invitation(actor=alice)
    paths = [
        f"/settings/people/{alice.pk}/role",
        f"/settings/people/{alice.pk}/deactivate",
        f"/settings/people/{alice.pk}/reactivate",
        f"/settings/people/invitations/{invitation.pk}/revoke",
    ]
    for somebody, status in ((bob, 403), (mallory, 404)):
        client = browser(somebody)
        for path in paths:
            assert client.post(path, {"role": "guest"}).status_code == status, path
    assert browser(bob).get("/settings/people").status_code == 403
    assert browser(bob).post("/settings/people/invite", {"role": "owner"}).status_code == 403
    assert "Alice" not in text(browser(mallory).get("/settings/people"))


def test_inviting_and_revoking(alice, bob, browser):
    client = browser(alice)
    given = {"email": "dora@acme.example", "role": "guest"}
    shown = text(client.post("/settings/people/invite", given, follow=True))
    assert "on its way to dora@acme.example" in shown
    invitation = Invitation.objects.get()
    client.post(f"/settings/people/invitations/{invitation.pk}/revoke")
    invitation.refresh_from_db()
    assert invitation.revoked_at
    taken = client.post("/settings/people/invite", given | {"email": bob.email})
    assert "This person is a member already." in text(taken)
    assert "Select a valid choice" in text(client.post("/settings/people/invite", {"role": "king"}))


def test_administrators_are_offered_only_what_they_may_do(alice, acme, browser):
    ada = person("Ada", acme, Role.ADMIN)
    invitations.create_invitation(actor=alice, role=Role.OWNER)
    shown = text(browser(ada).get("/settings/people"))
    assert f"/settings/people/{ada.pk}/role" in shown
    assert f"/settings/people/{alice.pk}/role" not in shown
    assert 'value="owner"' not in shown
    assert "/invitations/" not in shown.replace("/settings/people/invitations/", "")


def test_people_are_searched_and_paged_in_the_same_number_of_queries(alice, acme, browser):
    client = browser(alice)

    def count_queries(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            text(client.get(path))
        return len(queries)

    before = count_queries("/settings/people")
    for number in range(60):
        person(f"Person{number:02}", acme)
        if number % 10 == 0:
            invitations.create_invitation(actor=alice)
    assert count_queries("/settings/people") <= before
    assert "Person59" not in text(client.get("/settings/people"))
    assert "Person59" in text(client.get("/settings/people?page=2"))
    found = text(client.get("/settings/people?search=person33"))
    assert "Person33" in found
    assert "Person34" not in found
    assert "Person00" in text(client.get("/settings/people?page=nonsense"))
    assert User.objects.count() == 61
