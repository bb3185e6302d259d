import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.services import members
from tests.accounts.conftest import code
from tests.cast import PASSWORD

NEW = "staple correct battery"


@pytest.fixture
def link(alice, anonymous, run_tasks):
    """The path of the mailed link."""
    anonymous.post("/api/auth/password/reset", {"email": alice.email.upper()})
    run_tasks()
    [message] = mail.outbox
    assert isinstance(message, mail.EmailMultiAlternatives)
    assert message.to == [alice.email]
    [address] = set(re.findall(r"http://localhost:8000(/password/reset/\S+)", str(message.body)))
    assert f'href="http://localhost:8000{address}"' in str(message.alternatives[0][0])
    return address


def confirm(client, link, new=NEW):
    *_, uid, token = link.split("/")
    given = {"uid": uid, "token": token, "newPassword": new}
    return client.post("/api/auth/password/reset/confirm", given)


def test_the_mailed_link_sets_a_new_password_and_signs_everything_out(
    alice, link, sign_in, bearing, anonymous
):
    device = bearing(sign_in(alice)["access"])
    assert confirm(anonymous, link).status_code == 204
    alice.refresh_from_db()
    assert alice.check_password(NEW)
    assert device.get("/api/auth/me").status_code == 401
    actions = AuditEntry.objects.values_list("action", flat=True)
    assert {"password.reset_requested", "password.reset"} <= set(actions)


def test_the_link_is_good_once(link, anonymous):
    confirm(anonymous, link)
    again = confirm(anonymous, link, "another good password")
    assert (again.status_code, code(again)) == (400, "bad_link")


@pytest.mark.django_db(transaction=True)
def test_the_link_is_good_once_also_when_used_twice_at_once(alice, link, anonymous):
    def use(number):
        try:
            return confirm(anonymous, link, f"{NEW} {number}").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(use, range(4))) == [204, 400, 400, 400]
    assert AuditEntry.objects.filter(action="password.reset").count() == 1


def test_the_link_expires(link, anonymous):
    with time_machine.travel(timezone.now() + timedelta(hours=4, minutes=1)):
        assert confirm(anonymous, link).status_code == 400


def test_a_link_of_somebody_elses_id_or_none_is_refused(link, mallory, anonymous):
    *_, token = link.split("/")
    for uid in ("Mg", "", "é", "AAAA", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"):
        given = {"uid": uid, "token": token, "newPassword": NEW}
        answer = anonymous.post("/api/auth/password/reset/confirm", given)
        assert answer.status_code == 400, uid
    assert confirm(anonymous, link).status_code == 204


def test_a_weak_password_does_not_use_the_link_up(link, anonymous):
    assert confirm(anonymous, link, "short").status_code == 400
    assert confirm(anonymous, link).status_code == 204


def test_who_asks_for_a_stranger_learns_nothing(alice, bob, anonymous, run_tasks):
    members.deactivate(actor=alice, person=bob)
    answers = [
        anonymous.post("/api/auth/password/reset", {"email": email})
        for email in (alice.email, bob.email, "nobody@acme.example")
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {(202, b"")}
    run_tasks()
    assert [message.to for message in mail.outbox] == [[alice.email]]


def test_a_reset_ends_a_lockout(alice, link, anonymous):
    wrong = {"email": alice.email, "password": "wrong horse battery"}
    for _ in range(11):
        locked = anonymous.post("/api/auth/token", wrong)
    assert locked.status_code == 429
    confirm(anonymous, link)
    given = {"email": alice.email, "password": NEW}
    assert anonymous.post("/api/auth/token", given).status_code == 200


def test_the_pages_lead_through_all_four_steps(alice, run_tasks):
    client = Client()
    assert client.get("/password/reset").status_code == 200
    sent = client.post("/password/reset", {"email": alice.email}, follow=True)
    assert "a link is on its way" in sent.content.decode()
    run_tasks()
    [address] = set(re.findall(r"http://localhost:8000(\S+)", str(mail.outbox[0].body)))
    assert alice.email in client.get(address).content.decode()
    refused = client.post(address, {"new_password": "short"})
    assert "too short" in refused.content.decode()
    done = client.post(address, {"new_password": NEW}, follow=True)
    assert "Your new password is set" in done.content.decode()
    assert client.get(address).status_code == 404
    given = {"email": alice.email, "password": NEW}
    assert client.post("/sign-in", given)["Location"] == "/"
    assert PASSWORD != NEW
