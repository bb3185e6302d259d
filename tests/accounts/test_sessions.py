from datetime import timedelta

import time_machine
from django.utils import timezone

from accounts.models import AuditEntry, Session
from accounts.services import sessions


def test_i_see_my_devices_and_which_is_this_one(alice, bob, sign_in, bearing):
    sign_in(bob)
    sign_in(alice)
    client = bearing(sign_in(alice)["access"])
    shown = client.get("/api/auth/sessions").json()
    assert [session["isCurrent"] for session in shown] == [True, False]
    assert {session["kind"] for session in shown} == {"api"}
    assert shown[0].keys() == {
        "id", "kind", "label", "ipAddress", "createdAt", "lastUsedAt", "isCurrent"
    }  # fmt: skip
    assert shown[0]["lastUsedAt"].endswith("Z")


def test_i_sign_a_device_out(alice, sign_in, bearing):
    lost = sign_in(alice)
    lost_id = Session.objects.get().pk
    client = bearing(sign_in(alice)["access"])
    assert client.delete(f"/api/auth/sessions/{lost_id}").status_code == 204
    assert bearing(lost["access"]).get("/api/auth/me").status_code == 401
    assert client.delete(f"/api/auth/sessions/{lost_id}").status_code == 404
    assert len(client.get("/api/auth/sessions").json()) == 1
    assert AuditEntry.objects.get(action="session.revoked").target_id == lost_id


def test_i_sign_all_others_out(alice, sign_in, bearing):
    lost = sign_in(alice)
    client = bearing(sign_in(alice)["access"])
    assert client.post("/api/auth/sessions/sign-out-others").status_code == 204
    assert bearing(lost["access"]).get("/api/auth/me").status_code == 401
    assert client.get("/api/auth/me").status_code == 200


def test_nobody_signs_out_somebody_else(alice, bob, mallory, sign_in, bearing):
    sign_in(alice)
    target = Session.objects.get()
    for person in (bob, mallory):
        answer = bearing(sign_in(person)["access"]).delete(f"/api/auth/sessions/{target.pk}")
        assert answer.status_code == 404
    target.refresh_from_db()
    assert target.revoked_at is None


def test_a_request_costs_one_query_and_a_write_a_minute_at_most(
    alice, sign_in, bearing, django_assert_num_queries
):
    client = bearing(sign_in(alice)["access"])
    with django_assert_num_queries(2):
        # The device with its person and organization; the privacy settings that the answer shows.
        client.get("/api/auth/me")
    later = timezone.now() + timedelta(minutes=2)
    with time_machine.travel(later, tick=False):
        with django_assert_num_queries(3):
            client.get("/api/auth/me")
        with django_assert_num_queries(2):
            client.get("/api/auth/me")
    assert Session.objects.get().last_used_at == later


def test_a_label_is_cleaned_and_cut(alice):
    session = sessions.start_session(user=alice, kind="api", label="a\x00b\n" + "c" * 500)
    assert session.label == "ab" + "c" * 198
