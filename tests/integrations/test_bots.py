"""Bots take part like people, but nobody waits for them, and nobody is told of their being here."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import AuditEntry, User
from accounts.services.bots import change_bot, create_bot
from accounts.services.deletion import delete_account
from accounts.services.members import change_role, deactivate
from chatproject.errors import Forbidden, Invalid
from conversations.services.members import leave
from notifications.models import Notification

CHAT = "/api/chat/conversations"


def test_a_bot_writes_and_reads_where_it_takes_part(program, api, alice, builds) -> None:
    robo = program()
    messages = f"{CHAT}/{builds.pk}/messages"
    said = robo.post(messages, {"content": "Build 7 is green"})
    assert said.status_code == 201 and said.json()["sender"]["isBot"] is True
    seen = api(alice).get(messages).json()["messages"][-1]
    assert seen["content"] == "Build 7 is green" and seen["sender"]["isBot"] is True
    (chat,) = robo.get(CHAT).json()["conversations"]
    assert chat["id"] == builds.pk


def test_where_it_takes_no_part_there_is_nothing(program, api, alice, bob, builds) -> None:
    chat = api(alice).post(CHAT, {"targetUserId": bob.pk}).json()["id"]
    robo = program()
    assert robo.get(f"{CHAT}/{chat}/messages").status_code == 404
    assert robo.post(f"{CHAT}/{chat}/messages", {"content": "Hello"}).status_code == 404


def test_nobody_waits_for_a_bot_in_a_group(api, alice, bob, builds) -> None:
    messages = f"{CHAT}/{builds.pk}/messages"
    sent = api(alice).post(messages, {"content": "Hello"}).json()
    seq = {"upToSeq": sent["seq"]}
    assert api(bob).patch(f"{CHAT}/{builds.pk}/read", seq).status_code == 200
    assert api(alice).get(messages).json()["messages"][-1]["isRead"] is True
    listed = api(alice).get(f"{CHAT}/{builds.pk}").json()
    assert listed["readByAllSeq"] == sent["seq"] and listed["memberCount"] == 3
    by_name = {place["user"]["displayName"]: place["confirms"] for place in listed["participants"]}
    assert by_name == {"Alice": True, "Bob": True, "Robo": False}
    info = api(alice).get(f"{messages}/{sent['id']}/info").json()
    assert info["remainingCount"] == 0 and len(info["receipts"]) == 1


def test_in_a_direct_conversation_it_confirms_itself(api, alice, robo, program) -> None:
    chat = api(alice).post(CHAT, {"targetUserId": robo.pk}).json()["id"]
    sent = api(alice).post(f"{CHAT}/{chat}/messages", {"content": "Hello"}).json()
    assert api(alice).get(f"{CHAT}/{chat}").json()["readByAllSeq"] < sent["seq"]
    assert program("messages:read").patch(f"{CHAT}/{chat}/read", {}).status_code == 200
    assert api(alice).get(f"{CHAT}/{chat}").json()["readByAllSeq"] == sent["seq"]


def test_bots_are_told_of_nothing_in_the_app(api, alice, bob, builds, robo) -> None:
    api(alice).post(f"{CHAT}/{builds.pk}/messages", {"content": "Hello"})
    assert Notification.objects.filter(user=bob).exists()
    assert not Notification.objects.filter(user=robo).exists()


def test_presence_is_of_people(api, alice, bob, robo) -> None:
    present = api(alice).get("/api/chat/online-status").json()["users"]
    assert [one["userId"] for one in present] == [bob.pk]
    found = api(alice).get("/api/chat/contacts?search=robo").json()["contacts"]
    assert [(one["id"], one["isBot"], one["isOnline"]) for one in found] == [(robo.pk, True, False)]


def test_the_people_of_an_organization_are_people(api, alice, bob, robo) -> None:
    people = api(alice).get("/api/auth/people").json()["people"]
    assert {one["id"] for one in people} == {alice.pk, bob.pk}
    assert api(alice).patch(f"/api/auth/people/{robo.pk}", {"role": "guest"}).status_code == 404


def test_a_bot_manages_nothing(alice, robo) -> None:
    change_role(actor=alice, person=robo, role="guest")
    with pytest.raises(Forbidden):
        change_role(actor=alice, person=robo, role="admin")
    for wrong in ({"role": "owner"}, {"is_superuser": True}, {"password": "md5$a$b"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=robo.pk).update(**wrong)


def test_a_group_is_not_left_to_a_bot(alice, bob, robo, builds) -> None:
    leave(actor=bob, conversation_id=builds.pk)
    leave(actor=alice, conversation_id=builds.pk)
    assert builds.participants.get(user=robo).role == "member"


def test_what_becomes_of_it_is_recorded(alice, robo) -> None:
    change_bot(actor=alice, bot=robo, display_name="Robot", about="")
    deactivate(actor=alice, person=robo)
    actions = ["bot.created", "bot.changed", "person.deactivated"]
    entries = AuditEntry.objects.filter(action__in=actions).order_by("number")
    assert [entry.action for entry in entries] == actions
    assert entries[1].data == {"before": "Robo", "bot": "Robot"}


def test_a_deleted_bot_keeps_no_key(alice, robo, program) -> None:
    client = program()
    delete_account(actor=alice, person=robo)
    assert client.get("/api/auth/me").status_code == 401
    assert not robo.api_keys.exists()


def test_only_administrators_make_bots(alice, bob, mallory, robo) -> None:
    with pytest.raises(Forbidden):
        create_bot(actor=bob, display_name="Mine")
    with pytest.raises(Forbidden):
        change_bot(actor=mallory, bot=robo, display_name="Ours", about="")
    for name in ("", "x" * 81, "a\u202eb"):
        with pytest.raises(Invalid):
            create_bot(actor=alice, display_name=name)


def test_it_was_here_at_no_time(program, robo) -> None:
    program().get("/api/auth/me")
    robo.refresh_from_db()
    assert robo.last_seen_at is None and robo.created_at <= timezone.now()
