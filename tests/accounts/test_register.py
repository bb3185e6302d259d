from accounts.models import AuditEntry, ChatPermission, Organization, User
from accounts.policies import chat_permissions
from accounts.roles import DEFAULT_CHAT_PERMISSIONS
from tests.accounts.conftest import code
from tests.cast import PASSWORD

INITECH = {
    "organizationName": "Initech",
    "email": "Bill@initech.example",
    "displayName": "Bill",
    "password": PASSWORD,
}


def register(client, **changes):
    return client.post("/api/auth/register", INITECH | changes)


def test_a_new_organization_has_an_owner_and_its_table(db, anonymous, bearing):
    answer = register(anonymous)
    assert answer.status_code == 201
    me = bearing(answer.json()["access"]).get("/api/auth/me").json()
    assert (me["role"], me["email"]) == ("owner", "bill@initech.example")
    organization = Organization.objects.get()
    assert (organization.name, organization.slug) == ("Initech", "initech")
    assert ChatPermission.objects.count() == len(DEFAULT_CHAT_PERMISSIONS) == 16
    assert chat_permissions(organization.pk) == DEFAULT_CHAT_PERMISSIONS
    assert AuditEntry.objects.get(number=1).action == "organization.registered"


def test_names_may_be_alike_and_in_any_script(db, anonymous):
    for number, name in enumerate(["Initech", "Initech", "株式会社", "株式会社"]):
        given = {"organizationName": name, "email": f"bill{number}@initech.example"}
        assert register(anonymous, **given).status_code == 201
    assert Organization.objects.filter(name="Initech").count() == 2


def test_a_refused_registration_leaves_nothing(mallory, anonymous):
    taken = register(anonymous, email=mallory.email)
    assert (taken.status_code, code(taken)) == (409, "email_taken")
    weak = register(anonymous, password="short")
    assert (weak.status_code, weak.json()["errors"][0]["attr"]) == (400, "password")
    assert Organization.objects.count() == 1


def test_it_can_be_switched_off(db, anonymous, client, settings):
    settings.REGISTRATION_OPEN = False
    assert register(anonymous).status_code == 404
    assert client.get("/register").status_code == 404
    assert "Register it" not in client.get("/sign-in").content.decode()
    assert not Organization.objects.exists()


def test_the_page_registers_and_goes_on_to_inviting(db, client):
    given = {
        "name": "Initech",
        "display_name": "Bill",
        "email": "bill@initech.example",
        "password": "short",
    }
    assert "too short" in client.post("/register", given).content.decode()
    answer = client.post("/register", given | {"password": PASSWORD})
    assert answer["Location"] == "/settings/people"
    assert client.get("/settings/people").status_code == 200
    assert User.objects.get().role == "owner"
