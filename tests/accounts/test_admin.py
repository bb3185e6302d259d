"""Django admin: who sees what, and that whatever it changes goes through the services."""

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry, ChatPermission, Invitation, Organization, Session, User
from accounts.roles import Role
from accounts.services import invitations, profiles, sessions
from tests.cast import PASSWORD, person

LISTS = ("organization", "user", "session", "invitation", "block", "auditentry")


@pytest.fixture
def ada(acme) -> User:
    return person("Ada", acme, Role.ADMIN)


@pytest.fixture
def operator(db) -> User:
    return User.objects.create_superuser("root@ops.example", PASSWORD)


def text(answer) -> str:
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


def act(client, model, action, *rows):
    given = {"action": action, "_selected_action": [row.pk for row in rows]}
    return text(client.post(f"/admin/accounts/{model}/", given, follow=True))


# --- Who gets in -------------------------------------------------------------------------------


def test_the_door_is_that_of_the_pages(alice, client):
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/sign-in?next=%2Fadmin%2F"
    given = {"email": alice.email, "password": PASSWORD, "next": "/admin/"}
    assert client.post("/sign-in", given)["Location"] == "/admin/"
    assert "Parley administration" in text(client.get("/admin/"))
    device = Session.objects.get()
    assert client.post("/admin/logout/")["Location"] == "/sign-in"
    device.refresh_from_db()
    assert device.revoked_reason == "signed_out"


def test_a_revoked_device_is_out_of_the_admin_too(alice, browser):
    client = browser(alice)
    sessions.revoke_session(
        actor=alice, session=Session.objects.get(), reason=sessions.Reason.REVOKED
    )
    assert client.get("/admin/").status_code == 302


def test_members_and_guests_do_not_get_in(bob, gus, browser):
    for somebody in (bob, gus):
        client = browser(somebody)
        assert client.get("/admin/", follow=True).status_code == 403
        assert client.get("/admin/accounts/user/", follow=True).status_code == 403


# --- Who sees what -----------------------------------------------------------------------------


@pytest.fixture
def traces(alice, bob, mallory):
    """Something of each kind in both organizations."""
    moll = person("Moll", mallory.organization)
    for owner, other in ((alice, bob), (mallory, moll)):
        profiles.block(actor=owner, person=other)
        invitations.create_invitation(actor=owner, email=f"new@{other.organization.slug}.example")
        sessions.start_session(user=other, kind="api", label=f"{other} phone")


@pytest.mark.parametrize("model", LISTS)
def test_administrators_see_their_organization_and_operators_all(
    traces, alice, ada, operator, browser, model
):
    path = f"/admin/accounts/{model}/"
    everything = text(browser(operator).get(path))
    assert "Globex" in everything or "Mall" in everything or "Moll" in everything
    for administrator in (alice, ada):
        shown = text(browser(administrator).get(path))
        for trace in ("Globex", "globex", "Mallory", "Moll"):
            assert trace not in shown


@pytest.mark.parametrize("model", LISTS)
def test_rows_of_another_organization_do_not_exist(traces, ada, mallory, browser, model):
    rows = {
        "organization": mallory.organization,
        "user": mallory,
        "session": Session.objects.get(label="Moll phone"),
        "invitation": Invitation.objects.get(organization=mallory.organization),
        "block": mallory.blocks_made.get(),
        "auditentry": AuditEntry.objects.filter(organization=mallory.organization).first(),
    }
    client = browser(ada)
    path = f"/admin/accounts/{model}/{rows[model].pk}"
    for page in ("change", "history", "delete"):
        assert client.get(f"{path}/{page}/").status_code in (302, 403), page
        assert "Mallory" not in client.get(f"{path}/{page}/", follow=True).content.decode()


def test_nothing_is_deleted_and_little_is_added(traces, operator, browser):
    client = browser(operator)
    for model in LISTS:
        pk = User.objects.first().pk
        # People are asked about once more, and only their accounts go (test_delete_account.py).
        expected = 200 if model == "user" else 403
        assert client.post(f"/admin/accounts/{model}/{pk}/delete/").status_code == expected
        if model != "user":
            assert client.get(f"/admin/accounts/{model}/add/").status_code == 403
    assert client.post("/admin/accounts/auditentry/1/change/", {"action": "x"}).status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        "user/?password__startswith=md5",
        "session/?refresh_jti__startswith=a",
        "session/?user__password__startswith=md5",
        "invitation/?token_hash__startswith=a",
        "invitation/?seed__startswith=a",
    ],
)
def test_secrets_cannot_be_guessed_letter_by_letter(alice, browser, query):
    assert browser(alice).get(f"/admin/accounts/{query}").status_code == 400


def test_secrets_are_not_shown(traces, operator, browser):
    client = browser(operator)
    invitation, session = Invitation.objects.first(), Session.objects.first()
    page = text(client.get(f"/admin/accounts/invitation/{invitation.pk}/change/"))
    assert invitation.seed not in page
    assert invitation.token_hash not in page
    Session.objects.update(refresh_jti="secret-of-the-token")
    assert "secret-of" not in text(client.get(f"/admin/accounts/session/{session.pk}/change/"))
    page = text(client.get(f"/admin/accounts/user/{operator.pk}/change/"))
    assert operator.password not in page
    assert 'name="password"' not in page


@pytest.mark.parametrize("model", LISTS)
def test_a_longer_list_takes_no_more_queries(traces, alice, operator, browser, model):
    def count_queries() -> int:
        with CaptureQueriesContext(connection) as queries:
            text(client.get(f"/admin/accounts/{model}/"))
        return len(queries)

    client = browser(operator)
    client.get("/admin/")
    before = count_queries()
    for number in range(10):
        home = Organization.objects.create(name=f"Org {number}", slug=f"org-{number}")
        somebody = person(f"P{number}", home, Role.OWNER)
        profiles.block(actor=somebody, person=person(f"Q{number}", home))
        invitations.create_invitation(actor=somebody)
        sessions.start_session(user=somebody, kind="api")
    assert count_queries() <= before


# --- What it changes ---------------------------------------------------------------------------


def save_person(client, target, **fields):
    path = f"/admin/accounts/user/{target.pk}/change/"
    return text(client.post(path, fields, follow=True))


def test_changing_a_role_is_audited(alice, bob, browser):
    save_person(browser(alice), bob, role="admin", is_active="on")
    bob.refresh_from_db()
    assert bob.role == "admin"
    entry = AuditEntry.objects.get(action="person.role_changed")
    assert (entry.actor, entry.target_id) == (alice, bob.pk)


def test_a_refusal_is_shown_and_undoes_the_form(alice, ada, browser):
    shown = save_person(browser(alice), alice, role="member", is_active="on")
    assert "An organization needs an active owner." in shown
    assert "changed successfully" not in shown
    shown = save_person(browser(ada), alice, role="owner")
    assert "You may not do this." in shown
    alice.refresh_from_db()
    assert (alice.role, alice.is_active) == ("owner", True)


def test_deactivating_and_reactivating_people(alice, bob, carol, browser, sign_in, bearing):
    device = bearing(sign_in(bob)["access"])
    client = browser(alice)
    shown = act(client, "user", "deactivate", alice, bob, carol)
    assert "Alice: An organization needs an active owner." in shown
    assert "Done: 2." in shown
    assert device.get("/api/auth/me").status_code == 401
    assert AuditEntry.objects.filter(action="person.deactivated").count() == 2
    act(client, "user", "reactivate", bob)
    bob.refresh_from_db()
    assert bob.is_active


def test_outsiders_cannot_be_chosen(alice, mallory, browser):
    act(browser(alice), "user", "deactivate", mallory)
    mallory.refresh_from_db()
    assert mallory.is_active


def test_signing_people_and_devices_out(alice, ada, bob, browser, sign_in, bearing):
    one, two = (bearing(sign_in(bob)["access"]) for _ in range(2))
    first = Session.objects.filter(user=bob).order_by("pk").first()
    act(browser(alice), "session", "revoke", first)
    assert one.get("/api/auth/me").status_code == 401
    assert two.get("/api/auth/me").status_code == 200
    act(browser(alice), "user", "sign_out", bob)
    assert two.get("/api/auth/me").status_code == 401
    boss = bearing(sign_in(alice)["access"])
    assert "You may not do this." in act(browser(ada), "user", "sign_out", alice)
    assert boss.get("/api/auth/me").status_code == 200


def test_adding_a_person_mails_them_a_link(alice, browser, run_tasks):
    client = browser(alice)
    given = {"email": "dora@acme.example", "display_name": "Dora", "role": "member"}
    text(client.post("/admin/accounts/user/add/", given, follow=True))
    dora = User.objects.get(email="dora@acme.example")
    assert dora.organization == alice.organization
    run_tasks()
    assert mail.outbox[0].to == ["dora@acme.example"]
    twin = text(client.post("/admin/accounts/user/add/", given, follow=True))
    assert "Somebody signs in with this address already." in twin
    assert AuditEntry.objects.filter(action="person.created").count() == 1


def test_an_operator_adds_people_anywhere(operator, acme, browser):
    given = {
        "organization": acme.pk,
        "email": "dora@acme.example",
        "display_name": "Dora",
        "role": "owner",
    }
    text(browser(operator).post("/admin/accounts/user/add/", given, follow=True))
    assert User.objects.get(email="dora@acme.example").organization == acme


def table_form(client, organization, **fields):
    """The organization's form, as the browser would send it back."""
    path = f"/admin/accounts/organization/{organization.pk}/change/"
    text(client.get(path))
    cells = list(ChatPermission.objects.filter(organization=organization))
    form = {
        "chat_permissions-TOTAL_FORMS": len(cells),
        "chat_permissions-INITIAL_FORMS": len(cells),
        **fields,
    }
    for number, cell in enumerate(cells):
        form[f"chat_permissions-{number}-id"] = cell.pk
        form[f"chat_permissions-{number}-organization"] = organization.pk
        if cell.allowed:
            form[f"chat_permissions-{number}-allowed"] = "on"
    return path, form, cells


def test_the_table_of_who_may_write_to_whom_is_edited(alice, acme, browser):
    client = browser(alice)
    path, form, cells = table_form(client, acme, name="Acme")
    assert len(cells) == 16
    number, cell = next(
        (number, cell)
        for number, cell in enumerate(cells)
        if (cell.initiator_role, cell.target_role) == ("guest", "member")
    )
    form[f"chat_permissions-{number}-allowed"] = "on"
    text(client.post(path, form, follow=True))
    cell.refresh_from_db()
    assert cell.allowed
    [entry] = AuditEntry.objects.filter(action="chat_permission.changed")
    assert entry.data == {"initiator_role": "guest", "target_role": "member", "allowed": True}


def test_owners_rename_administrators_do_not_and_only_operators_close(
    alice, ada, operator, acme, browser, sign_in, bearing
):
    device = bearing(sign_in(alice)["access"])
    for somebody, name in ((ada, "Acme"), (alice, "Acme Ltd")):
        client = browser(somebody)
        path, form, _ = table_form(client, acme, name="Acme Ltd")
        text(client.post(path, form, follow=True))
        acme.refresh_from_db()
        assert (acme.name, acme.is_active) == (name, True)
    assert device.get("/api/auth/me").status_code == 200
    client = browser(operator)
    path, form, _ = table_form(client, acme, name="Acme Ltd")
    text(client.post(path, form, follow=True))
    acme.refresh_from_db()
    assert not acme.is_active
    assert device.get("/api/auth/me").status_code == 401
    assert AuditEntry.objects.filter(action="organization.changed").count() == 2


def test_invitations_are_revoked(alice, browser):
    invitation = invitations.create_invitation(actor=alice)
    act(browser(alice), "invitation", "revoke", invitation)
    invitation.refresh_from_db()
    assert invitation.revoked_at


def test_the_log_tells_sentences_is_searched_and_verified(alice, acme, bob, browser, sign_in):
    client = browser(alice)
    assert "Alice signed in on" in text(client.get("/admin/accounts/auditentry/"))
    found = text(client.get("/admin/accounts/auditentry/?q=session.started"))
    assert "Alice signed in on" in found
    assert "0 audit entries" in text(client.get("/admin/accounts/auditentry/?q=nonsense"))
    assert "0 audit entries" in text(
        client.get("/admin/accounts/auditentry/?action=password.reset")
    )
    entry = AuditEntry.objects.first()
    shown = act(client, "auditentry", "verify", entry)
    assert "Acme: all 1 entries are as they were written." in shown
    tamper("UPDATE accounts_auditentry SET action = 'nothing' WHERE number = 1")
    assert "Acme: broken at entry 1. The entry was changed." in act(
        client, "organization", "verify", acme
    )


def tamper(statement: str) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            cursor.execute("DROP TRIGGER audit_entry_no_update")
        cursor.execute(statement)


def test_names_are_inert(alice, bob, browser):
    profiles.update_profile(actor=bob, display_name="<script>alert(1)</script>")
    sessions.start_session(user=bob, kind="api", label="<script>alert(2)</script>")
    client = browser(alice)
    for model in ("user", "session", "auditentry"):
        assert "<script>alert" not in text(client.get(f"/admin/accounts/{model}/"))


def test_the_operator_is_made_by_djangos_command(operator):
    assert operator.is_staff
    assert operator.role == Role.OWNER
    assert operator.organization.name == "Operators"


def test_the_password_is_changed_where_other_devices_are_signed_out(alice, browser):
    assert browser(alice).get("/admin/password_change/")["Location"] == "/settings/devices"
