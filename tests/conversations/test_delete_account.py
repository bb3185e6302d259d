"""An account ends; what others have of it does not."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from PIL import Image
from rest_framework.test import APIClient

from accounts import links
from accounts.models import AuditEntry, Block, PrivacySettings, Session, User
from accounts.roles import Role
from accounts.services import deletion, invitations, members, profiles
from chatproject.errors import Conflict, Forbidden
from conversations.management.commands.check_integrity import CHECKS
from conversations.models import Message, Participant
from conversations.services.conversations import create_group
from conversations.services.members import add_members, leave
from conversations.services.receipts import mark_read
from conversations.services.sync import sync
from notifications.models import Notification, NotificationPreferences
from tests.cast import PASSWORD, person
from tests.conversations.steps import place_of, refused, say, texts_seen_by, version_of

URL = "/api/auth/me/delete"


def delete(client, password: str = PASSWORD):
    return client.post(URL, {"password": password})


def picture() -> BytesIO:
    file = BytesIO()
    Image.new("RGB", (8, 8)).save(file, "PNG")
    file.seek(0)
    return file


def test_what_was_the_persons_own_is_gone(alice, bob, carol, chat, api, published):
    profiles.update_me(actor=bob, changes={"avatar": picture(), "profile": {"about": "Climbs"}})
    storage, file = bob.avatar.storage, bob.avatar.name
    profiles.block(actor=bob, person=carol)
    say(alice, chat)
    NotificationPreferences.objects.create(user=bob)
    assert Notification.objects.filter(user=bob).exists()
    other = Session.objects.create(user=bob, kind="api", label="Bob's phone", ip_address="::1")

    assert delete(api(bob)).status_code == 204

    bob.refresh_from_db()
    assert (bob.display_name, bob.email) == (
        "Deleted user",
        f"deleted-{bob.pk}@deleted.invalid",
    )
    assert (bob.about, bob.avatar.name, bob.last_seen_at, bob.is_active) == ("", "", None, False)
    assert bob.deleted_at and not bob.has_usable_password()
    for of_bob in (Notification, NotificationPreferences, PrivacySettings):
        assert not of_bob.objects.filter(user=bob).exists()
    assert not Block.objects.exists()
    other.refresh_from_db()
    assert (other.revoked_reason, other.label, other.ip_address) == ("deleted", "", None)
    assert published.all and not storage.exists(file)
    # The address is free for a new beginning.
    person("Bob", alice.organization)


def test_everybody_elses_conversations_stay_whole(alice, bob, chat, api, published):
    say(alice, chat)
    answer = say(bob, chat, "Yes")
    say(alice, chat, "Good", reply_to_id=answer.id)
    held = {chat: version_of(chat)}
    published.forget()

    delete(api(bob))

    assert texts_seen_by(alice, chat) == ["Hello", "Yes", "Good"]
    page = api(alice).get(f"/api/chat/conversations/{chat}/messages").json()["messages"]
    assert page[1]["sender"]["displayName"] == page[2]["replyTo"]["senderName"] == "Deleted user"
    (event,) = (each for each in published.to(alice) if each.name == "conversationUpdated")
    assert event.participants[0].user.display_name == "Deleted user"
    (changes,) = sync(actor=alice, held=held).conversations
    assert changes.participants[0].user.display_name == "Deleted user"
    assert not api(alice).get(f"/api/chat/conversations/{chat}").json()["canPost"]
    assert not [each.sentence for each in CHECKS if list(each.find())]


def test_groups_are_left_and_pass_on(alice, bob, carol, api):
    group = create_group(actor=bob, title="Chess", member_ids=[alice.pk]).conversation_id
    add_members(actor=bob, conversation_id=group, user_ids=[carol.pk])
    say(bob, group, "Your turn")
    left = create_group(actor=alice, title="Go", member_ids=[bob.pk]).conversation_id
    leave(actor=bob, conversation_id=left)
    held = {group: version_of(group), left: version_of(left)}

    delete(api(bob))

    assert place_of(alice, group).role == Participant.Role.ADMIN, "who has been there longest"
    assert not place_of(bob, group).is_current
    assert texts_seen_by(alice, group)[-2:] == ["Your turn", "memberLeft"]
    for line in Message.objects.filter(kind="system"):
        assert "Bob" not in str(line.system)
    changed = {each.conversation.id: each for each in sync(actor=alice, held=held).conversations}
    assert [line.system.names for line in changed[left].messages] == 2 * [["Deleted user"]]
    assert not [each.sentence for each in CHECKS if list(each.find())]


def test_all_devices_are_signed_out_at_once(alice, bob, api, browser_of):
    phone, browser = api(bob), browser_of(bob)
    delete(api(bob))
    assert phone.get("/api/auth/me").status_code == 401
    assert browser.get("/").status_code == 302
    given = {"email": "bob@acme.example", "password": PASSWORD}
    assert APIClient().post("/api/auth/token", given).status_code == 401


def test_it_takes_the_password(bob, api):
    answer = delete(api(bob), "not this one")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "wrong_password")
    assert User.objects.get(pk=bob.pk).deleted_at is None


def test_the_last_owner_cannot_go(alice, bob, api):
    answer = delete(api(alice))
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "last_owner")
    members.change_role(actor=alice, person=bob, role=Role.OWNER)
    assert delete(api(alice)).status_code == 204


def test_it_is_audited_without_a_name(alice, bob, api):
    delete(api(bob))
    entry = AuditEntry.objects.get(action="account.deleted")
    assert (entry.actor, entry.target_id, entry.data) == (bob, bob.pk, {"number": bob.pk})


def test_an_administrator_deletes_somebody(alice, bob, carol, gus, chat, api):
    bobs, url = api(bob), f"/api/auth/people/{bob.pk}"
    assert api(carol).delete(url).status_code == 403
    assert api(alice).delete(url).status_code == 204
    assert bobs.get("/api/auth/me").status_code == 401
    assert AuditEntry.objects.get(action="account.deleted").actor == alice
    people = api(alice).get("/api/auth/people").json()["people"]
    assert bob.pk not in [each["id"] for each in people]
    assert api(alice).delete(url).status_code == api(alice).patch(url, {}).status_code == 404
    with refused(Conflict, "deleted"):
        members.reactivate(actor=alice, person=bob)


def test_administrators_delete_none_who_are_mightier_nor_themselves(alice, acme, bob, api):
    ada = person("Ada", acme, Role.ADMIN)
    assert api(ada).delete(f"/api/auth/people/{alice.pk}").status_code == 403
    answer = api(ada).delete(f"/api/auth/people/{ada.pk}")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "own_account")


def test_outsiders_find_nobody_to_delete(bob, mallory, api):
    assert api(mallory).delete(f"/api/auth/people/{bob.pk}").status_code == 404
    with refused(Forbidden):
        deletion.delete_account(actor=mallory, person=bob)
    assert User.objects.get(pk=bob.pk).is_active


def test_an_invitation_keeps_no_address(alice, acme):
    invitation = invitations.create_invitation(actor=alice, email="dave@acme.example")
    token = links.invitation_token(invitation.seed)
    dave = invitations.accept_invitation(token=token, display_name="Dave", password=PASSWORD)
    assert dave.invitation.email == "dave@acme.example"
    deletion.delete_own_account(actor=dave, password=PASSWORD)
    invitation.refresh_from_db()
    assert invitation.email == ""


def test_who_has_read_stays_told(alice, bob, chat, api):
    say(alice, chat)
    mark_read(actor=bob, conversation_id=chat)
    delete(api(bob))
    (message,) = api(alice).get(f"/api/chat/conversations/{chat}/messages").json()["messages"]
    assert message["isRead"]


def test_a_page_asks_for_the_password(alice, bob, browser_of):
    browser = browser_of(bob)
    page = browser.get("/settings/data")
    assert "Delete my account" in page.content.decode()
    answer = browser.post("/settings/data/delete", {"password": "not this one"})
    assert "This is not your password." in answer.content.decode()
    answer = browser.post("/settings/data/delete", {"password": PASSWORD}, follow=True)
    assert answer.redirect_chain == [("/sign-in", 302)]
    assert "Your account is deleted." in answer.content.decode()


def test_the_people_page_offers_it_after_deactivating(alice, bob, browser_of):
    browser = browser_of(alice)
    assert "Delete the account" not in browser.get("/settings/people").content.decode()
    members.deactivate(actor=alice, person=bob)
    assert "Delete the account" in browser.get("/settings/people").content.decode()
    page = browser.post(f"/settings/people/{bob.pk}/delete", follow=True).content.decode()
    assert "The account of Bob is deleted." in page
    assert "bob@acme.example" not in page


def test_the_admin_asks_once_more_and_shows_refusals(alice, bob, browser_of):
    browser, url = browser_of(alice), "/admin/accounts/user/{}/delete/"
    assert "their messages stay" in browser.get(url.format(bob.pk)).content.decode()
    browser.post(url.format(bob.pk), {"post": "yes"}, follow=True)
    bob.refresh_from_db()
    assert bob.deleted_at
    assert "Bob" not in browser.get("/admin/").content.decode(), "nor in its log"
    assert browser.get(url.format(bob.pk)).status_code == 403


def test_nobody_is_active_once_deleted(bob):
    bob.deleted_at = bob.created_at
    with pytest.raises(ValidationError):
        bob.validate_constraints()
