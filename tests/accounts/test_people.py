"""Creating, changing, deactivating and reactivating people."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.models import AuditEntry, User
from accounts.roles import Role
from accounts.services import members
from chatproject.errors import Conflict, Forbidden
from tests.accounts.conftest import code
from tests.cast import PASSWORD, person


@pytest.fixture
def ada(acme) -> User:
    return person("Ada", acme, Role.ADMIN)


def patch(client, target, **changes):
    return client.patch(f"/api/auth/people/{target.pk}", changes)


def test_an_owner_changes_a_role(alice, bob, api):
    answer = patch(api(alice), bob, role="admin")
    assert (answer.status_code, answer.json()["role"]) == (200, "admin")
    entry = AuditEntry.objects.get(action="person.role_changed")
    assert entry.data == {"person": "Bob", "before": "member", "after": "admin"}
    patch(api(alice), bob, role="admin")
    assert AuditEntry.objects.filter(action="person.role_changed").count() == 1


def test_nobody_makes_somebody_mightier_than_themselves(alice, ada, bob, api):
    assert patch(api(ada), bob, role="owner").status_code == 403
    assert patch(api(ada), alice, role="member").status_code == 403
    assert patch(api(ada), alice, isActive=False).status_code == 403
    assert patch(api(ada), bob, role="admin").status_code == 200


def test_members_and_guests_manage_nobody(alice, bob, gus, api):
    for somebody in (bob, gus):
        assert api(somebody).get("/api/auth/people").status_code == 403
        assert patch(api(somebody), somebody, role="owner").status_code == 403


def test_outsiders_find_nobody(alice, bob, mallory, api):
    assert patch(api(mallory), bob, role="guest").status_code == 404
    assert [each["id"] for each in api(mallory).get("/api/auth/people").json()["people"]] == [
        mallory.pk
    ]
    with pytest.raises(Forbidden):
        members.change_role(actor=mallory, person=bob, role="guest")


def test_an_organization_keeps_an_owner(alice, bob, api):
    for changes in ({"role": "admin"}, {"isActive": False}):
        answer = patch(api(alice), alice, **changes)
        assert (answer.status_code, code(answer)) == (409, "last_owner")
    patch(api(alice), bob, role="owner")
    assert patch(api(alice), alice, role="member").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_owners_cannot_demote_each_other_at_once(acme, alice):
    beth = person("Beth", acme, Role.OWNER)

    def demote(pair):
        actor, target = pair
        try:
            members.change_role(actor=actor, person=target, role=Role.MEMBER)
        except (Conflict, Forbidden) as error:
            return type(error).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(demote, [(alice, beth), (beth, alice)]))
    assert outcomes.count("done") >= 1
    assert User.objects.filter(role=Role.OWNER).exists()


def test_deactivation_signs_out_at_once_and_can_be_undone(
    alice, bob, api, sign_in, bearing, anonymous
):
    device = bearing(sign_in(bob)["access"])
    assert patch(api(alice), bob, isActive=False).json()["isActive"] is False
    assert device.get("/api/auth/me").status_code == 401
    given = {"email": bob.email, "password": PASSWORD}
    assert anonymous.post("/api/auth/token", given).status_code == 401
    assert patch(api(alice), bob, isActive=True).json()["isActive"] is True
    assert anonymous.post("/api/auth/token", given).status_code == 200
    assert device.get("/api/auth/me").status_code == 401
    actions = AuditEntry.objects.values_list("action", flat=True)
    assert {"person.deactivated", "person.reactivated"} <= set(actions)


def test_what_is_wrong_about_one_change_undoes_the_other(alice, api):
    assert patch(api(alice), alice, isActive=True, role="guest").status_code == 409
    alice.refresh_from_db()
    assert alice.role == Role.OWNER


def test_create_a_person(alice, acme):
    dora = members.create_person(
        actor=alice, organization=acme, email=" Dora@ACME.example", display_name="Dora"
    )
    assert (dora.email, dora.role, dora.has_usable_password()) == (
        "dora@acme.example",
        "member",
        False,
    )
    assert dora.privacy.read_receipts
    assert AuditEntry.objects.get(action="person.created").data["person"] == "Dora"


def test_an_address_signs_in_one_person_only(alice, acme, mallory):
    for taken in (alice.email.upper(), mallory.email):
        with pytest.raises(Conflict):
            members.create_person(actor=alice, organization=acme, email=taken, display_name="Twin")
    assert not AuditEntry.objects.exists()


def test_create_needs_the_right(alice, ada, bob, acme, globex):
    for actor, organization, role in (
        (bob, acme, Role.GUEST),
        (ada, acme, Role.OWNER),
        (alice, globex, Role.MEMBER),
    ):
        with pytest.raises(Forbidden):
            members.create_person(
                actor=actor, organization=organization, email="d@d.example", display_name="D",
                role=role,
            )  # fmt: skip


def test_the_list_is_searched_and_paged_in_few_queries(
    alice, acme, api, django_assert_max_num_queries
):
    for number in range(30):
        person(f"Person{number}", acme)
    client = api(alice)
    with django_assert_max_num_queries(3):
        page = client.get("/api/auth/people", {"limit": 25}).json()
    rest = client.get("/api/auth/people", {"limit": 25, "after": page["nextAfter"]}).json()
    assert (len(page["people"]), len(rest["people"]), rest["nextAfter"]) == (25, 6, None)
    found = client.get("/api/auth/people", {"search": "person7"}).json()["people"]
    assert [each["displayName"] for each in found] == ["Person7"]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "after=-1", "after=1e3"])
def test_nonsense_in_the_query_is_a_400(alice, api, query):
    assert api(alice).get(f"/api/auth/people?{query}").status_code == 400
