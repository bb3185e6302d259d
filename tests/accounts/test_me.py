import pytest

from accounts.models import PrivacySettings


def test_i_see_myself(alice, api):
    assert api(alice).get("/api/auth/me").json() == {
        "id": alice.pk,
        "email": "alice@acme.example",
        "displayName": "Alice",
        "about": "",
        "avatarUrl": None,
        "role": "owner",
        "timeZone": "UTC",
        "language": "en",
        "organization": {"id": alice.organization_id, "name": "Acme"},
        "privacy": {
            "lastSeen": "everyone",
            "online": "everyone",
            "photo": "everyone",
            "about": "everyone",
            "groups": "everyone",
            "readReceipts": True,
        },
        "createdAt": api(alice).get("/api/auth/me").json()["createdAt"],
    }


def test_i_change_what_i_name_and_nothing_else(alice, api):
    changes = {
        "displayName": "  Alice   Liddell ",
        "timeZone": "Europe/Vienna",
        "privacy": {"lastSeen": "nobody", "readReceipts": False},
    }
    me = api(alice).patch("/api/auth/me", changes).json()
    assert (me["displayName"], me["timeZone"]) == ("Alice Liddell", "Europe/Vienna")
    assert me["privacy"] == {
        "lastSeen": "nobody",
        "online": "everyone",
        "photo": "everyone",
        "about": "everyone",
        "groups": "everyone",
        "readReceipts": False,
    }
    assert api(alice).get("/api/auth/me").json() == me


@pytest.mark.parametrize(
    ("changes", "attr"),
    [
        ({"displayName": ""}, "displayName"),
        ({"displayName": "   "}, "displayName"),
        ({"displayName": "x" * 81}, "displayName"),
        ({"displayName": "A\u202elice"}, "displayName"),
        ({"displayName": "A\x00"}, "displayName"),
        ({"about": "x" * 141}, "about"),
        ({"timeZone": "Mars/Olympus"}, "timeZone"),
        ({"language": "tlh"}, "language"),
        ({"privacy": {"lastSeen": "friends"}}, "privacy.lastSeen"),
        ({"privacy": "none"}, "privacy.non_field_errors"),
        ({"avatar": "a text"}, "avatar"),
    ],
)
def test_nonsense_is_refused_by_its_field(alice, api, changes, attr):
    answer = api(alice).patch("/api/auth/me", changes)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == attr


def test_role_and_address_are_not_mine_to_change(bob, api):
    api(bob).patch("/api/auth/me", {"role": "owner", "email": "x@x.example", "isActive": False})
    bob.refresh_from_db()
    assert (bob.role, bob.email, bob.is_active) == ("member", "bob@acme.example", True)


def test_nobody_has_no_self(anonymous, db):
    assert anonymous.get("/api/auth/me").status_code == 401
    assert anonymous.patch("/api/auth/me", {"about": "x"}).status_code == 401


def test_somebody_without_a_privacy_row_gets_one(alice, api):
    PrivacySettings.objects.all().delete()
    client = api(alice)
    assert client.get("/api/auth/me").json()["privacy"]["online"] == "everyone"
    client.patch("/api/auth/me", {"privacy": {"online": "contacts"}})
    assert PrivacySettings.objects.get().online == "contacts"


def test_the_pages_save_profile_and_privacy(alice, browser):
    client = browser(alice)
    given = {"display_name": "Al", "about": "Hi", "time_zone": "UTC", "language": "en"}
    assert client.post("/settings/profile", given).status_code == 302
    assert "Your profile is saved." in client.get("/settings/profile").content.decode()
    refused = client.post("/settings/profile", given | {"display_name": "A\u202el"})
    assert "visible characters" in refused.content.decode()
    choices = {"last_seen": "contacts", "online": "nobody", "photo": "everyone"}
    choices |= {"about": "contacts", "groups": "nobody"}
    assert client.post("/settings/privacy", choices).status_code == 302
    page = client.get("/settings/privacy").content.decode()
    assert page.count("only who can see") == 3
    alice.privacy.refresh_from_db()
    assert (alice.privacy.online, alice.privacy.read_receipts) == ("nobody", False)
    assert client.post("/settings/privacy", {"last_seen": "friends"}).status_code == 200
