import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.links import invitation_link
from accounts.models import AuditEntry, Invitation, User
from accounts.roles import Role
from accounts.services import invitations
from chatproject.errors import NotFound
from tests.accounts.conftest import code
from tests.cast import PASSWORD, person


def invite(client, **given):
    return client.post("/api/auth/invitations", given)


def accept(client, token, **given):
    body = {"token": token, "displayName": "Dora", "password": PASSWORD} | given
    return client.post("/api/auth/invitations/accept", body)


def token_of(link):
    return link.rpartition("/")[2]


def test_a_mailed_invitation_lets_its_address_in(alice, api, anonymous, run_tasks, bearing):
    answer = invite(api(alice), email="Dora@Acme.example", role="admin")
    assert (answer.status_code, answer.json()["link"]) == (201, None)
    run_tasks()
    [message] = mail.outbox
    assert (message.to, message.subject) == (
        ["dora@acme.example"],
        "Alice invites you to Acme",
    )
    [link] = set(re.findall(r"http://\S+", str(message.body)))
    joined = accept(anonymous, token_of(link), email="somebody.else@acme.example")
    assert joined.status_code == 201
    me = bearing(joined.json()["access"]).get("/api/auth/me").json()
    assert (me["email"], me["role"], me["organization"]["name"]) == (
        "dora@acme.example",
        "admin",
        "Acme",
    )
    entry = AuditEntry.objects.get(action="invitation.accepted")
    assert (entry.actor.display_name, entry.data["invited_by"]) == ("Dora", "Alice")


def test_a_link_lets_one_person_in(alice, api, anonymous):
    link = invite(api(alice)).json()["link"]
    assert link.startswith("http://localhost:8000/invitations/")
    missing = accept(anonymous, token_of(link))
    assert missing.json()["errors"][0]["attr"] == "email"
    assert accept(anonymous, token_of(link), email="dora@home.example").status_code == 201
    second = accept(anonymous, token_of(link), email="eve@home.example")
    assert second.status_code == 404
    assert User.objects.get(email="dora@home.example").role == Role.MEMBER


@pytest.mark.django_db(transaction=True)
def test_a_link_lets_one_person_in_also_when_many_come_at_once(alice):
    invitation = invitations.create_invitation(actor=alice)
    token = token_of(invitation_link(invitation))

    def come(number):
        try:
            invitations.accept_invitation(
                token=token,
                display_name=f"Guest {number}",
                password=PASSWORD,
                email=f"guest{number}@home.example",
            )
        except NotFound:
            return "too late"
        finally:
            connection.close()
        return "in"

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(come, range(6))) == ["in"] + ["too late"] * 5
    assert User.objects.filter(email__endswith="home.example").count() == 1


def test_only_a_hash_of_the_token_is_kept(alice, run_tasks):
    invitation = invitations.create_invitation(actor=alice, email="dora@acme.example")
    token = token_of(invitation_link(invitation))
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            assert token not in str(cursor.fetchall()), table


def test_it_expires_and_is_revoked(alice, api, anonymous):
    client = api(alice)
    link = invite(client).json()["link"]
    with time_machine.travel(timezone.now() - timedelta(days=7, minutes=1)):
        old = invitations.create_invitation(actor=alice)
    revoked = invite(client).json()
    assert client.delete(f"/api/auth/invitations/{revoked['id']}").status_code == 204
    for dead in (token_of(invitation_link(old)), token_of(revoked["link"]), "nonsense", "é"):
        assert accept(anonymous, dead, email="d@home.example").status_code == 404
    assert [each["link"] for each in client.get("/api/auth/invitations").json()] == [link]
    assert client.delete(f"/api/auth/invitations/{revoked['id']}").status_code == 404
    assert AuditEntry.objects.filter(action="invitation.revoked").count() == 1


def test_a_revoked_one_is_not_mailed_any_more(alice, run_tasks):
    invitation = invitations.create_invitation(actor=alice, email="dora@acme.example")
    invitations.revoke_invitation(actor=alice, invitation=invitation)
    run_tasks()
    assert mail.outbox == []


def test_an_accepted_one_cannot_be_revoked(alice, api, anonymous):
    made = invite(api(alice)).json()
    accept(anonymous, token_of(made["link"]), email="dora@home.example")
    assert api(alice).delete(f"/api/auth/invitations/{made['id']}").status_code == 404
    assert Invitation.objects.get().revoked_at is None


def test_who_may_invite_whom(alice, bob, gus, acme, api):
    ada = person("Ada", acme, Role.ADMIN)
    for nobody in (bob, gus):
        assert invite(api(nobody)).status_code == 403
        assert api(nobody).get("/api/auth/invitations").status_code == 403
    assert invite(api(ada), role="owner").status_code == 403
    assert invite(api(ada), role="admin").status_code == 201
    assert invite(api(alice), role="king").status_code == 400
    member = invite(api(alice), email=bob.email)
    assert (member.status_code, code(member)) == (409, "member")


def test_an_administrator_never_sees_the_link_of_an_owner(alice, acme, api):
    ada = person("Ada", acme, Role.ADMIN)
    invite(api(alice), role="owner")
    [shown] = api(ada).get("/api/auth/invitations").json()
    assert (shown["role"], shown["link"]) == ("owner", None)


def test_outsiders_see_and_revoke_none(alice, mallory, api):
    made = invite(api(alice)).json()
    assert api(mallory).get("/api/auth/invitations").json() == []
    assert api(mallory).delete(f"/api/auth/invitations/{made['id']}").status_code == 404
    assert Invitation.objects.open().count() == 1


def test_a_refused_acceptance_leaves_the_invitation_open(alice, mallory, api, anonymous):
    token = token_of(invite(api(alice)).json()["link"])
    weak = accept(anonymous, token, email="dora@home.example", password="short")
    assert (weak.status_code, code(weak)) == (400, "password_too_short")
    taken = accept(anonymous, token, email=mallory.email)
    assert (taken.status_code, code(taken)) == (409, "email_taken")
    assert accept(anonymous, token, email="dora@home.example").status_code == 201


def test_the_page_lets_somebody_in(alice, browser):
    people = browser(alice)
    people.post("/settings/people/invite", {"email": "", "role": "guest"})
    page = people.get("/settings/people").content.decode()
    [path] = set(re.findall(r"http://localhost:8000(/invitations/\w+)", page))
    assert "You are signed in as Alice" in people.get(path).content.decode()
    newcomer = Client()
    assert "Join Acme" in newcomer.get(path).content.decode()
    given = {"email": "dora@home.example", "display_name": "Dora", "password": PASSWORD}
    assert newcomer.post(path, given | {"password": "x"}).status_code == 200
    assert newcomer.post(path, given)["Location"] == "/"
    assert newcomer.get("/settings/profile").status_code == 200
    assert Client().get(path).status_code == 404
