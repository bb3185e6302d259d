"""Each check finds the flaw that is planted for it, and names the row."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.utils import timezone

from accounts import audit
from accounts.models import AuditChain, Block, Invitation, Session
from accounts.services.invitations import create_invitation
from chatproject.events import NewMessageBody
from conversations.management.commands.check_integrity import CHECKS
from conversations.models import Conversation, HiddenMessage, Message, Participant, Receipt
from conversations.services.conversations import create_group, get_or_create_direct
from conversations.services.hiding import delete_message_for_me
from conversations.services.members import add_members, leave
from conversations.services.messages import send_message
from conversations.services.receipts import mark_read
from notifications.models import Notification, PushSubscription


def say(actor, conversation, content="Hello", **fields) -> Message:
    body = NewMessageBody(content=content, **fields)
    sent = send_message(actor=actor, conversation_id=conversation.pk, body=body)
    return Message.objects.get(pk=sent.message.id)


@pytest.fixture
def direct(alice, bob) -> Conversation:
    place, _created = get_or_create_direct(actor=alice, target_user_id=bob.pk)
    conversation = place.conversation
    first = say(alice, conversation)
    say(bob, conversation, reply_to_id=first.pk)
    say(alice, conversation)
    say(bob, conversation)
    say(bob, conversation)
    return Conversation.objects.get(pk=conversation.pk)


@pytest.fixture
def group(alice, bob, carol) -> Conversation:
    """Carol left and came back."""
    members = [bob.pk, carol.pk]
    conversation = create_group(actor=alice, title="Chess", member_ids=members).conversation
    leave(actor=carol, conversation_id=conversation.pk)
    say(alice, conversation)
    add_members(actor=alice, conversation_id=conversation.pk, user_ids=[carol.pk])
    mark_read(actor=carol, conversation_id=conversation.pk)
    say(alice, conversation)
    return Conversation.objects.get(pk=conversation.pk)


@pytest.fixture
def world(direct, group, alice, mallory):
    create_invitation(actor=alice, email="dave@acme.example")


def findings() -> dict[str, list[int]]:
    found = {each.sentence: list(each.find()) for each in CHECKS}
    return {sentence: ids for sentence, ids in found.items() if ids}


def place(conversation, user) -> Participant:
    return Participant.objects.get(conversation=conversation, user=user)


def change(row, **fields) -> None:
    type(row).objects.filter(pk=row.pk).update(**fields)


def test_a_healthy_database_is_whole(world):
    assert Participant.objects.exclude(absences=[]).exists(), "else the check tells nothing"
    assert Notification.objects.unread().exists()
    assert findings() == {}


def test_what_is_deleted_for_oneself(world, direct, alice, mallory):
    """It is a message of a conversation of theirs, and it is not unread."""
    message = say(direct.lower_user, direct)
    reader = direct.higher_user
    delete_message_for_me(actor=reader, conversation_id=direct.pk, message_id=message.pk)
    assert findings() == {}
    sentence = "what people deleted for themselves is a message of a conversation of theirs"
    hidden = HiddenMessage.objects.get()
    change(hidden, seq=4711)
    assert findings()[sentence] == [hidden.pk]
    change(hidden, seq=message.seq, user=mallory)
    assert findings()[sentence] == [hidden.pk]


# --- Order -------------------------------------------------------------------------------------


def test_a_gap(world, direct):
    Message.objects.filter(conversation=direct, seq=3).delete()
    assert findings()["messages are numbered 1, 2, 3 … without gap or double"] == [direct.pk]


@pytest.mark.django_db(transaction=True)
def test_a_double(world, direct, monkeypatch):
    once = next(each for each in Message._meta.constraints if "seq_once" in each.name)
    others = [each for each in Message._meta.constraints if each is not once]
    monkeypatch.setattr(Message._meta, "constraints", others)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Message, once)
    try:
        direct.messages.filter(seq=3).update(seq=2)
        found = findings()
    finally:
        direct.messages.filter(seq=2).update(seq=F("pk") + 1_000)
        monkeypatch.undo()
        with connection.schema_editor() as editor:
            editor.add_constraint(Message, once)
    assert found["messages are numbered 1, 2, 3 … without gap or double"] == [direct.pk]


def test_a_wrong_last_number(world, direct):
    change(direct, last_seq=F("last_seq") + 1)
    assert findings()["conversations know the number of their last message"] == [direct.pk]


@pytest.mark.parametrize("flaw", ["another message", "of another conversation", "time", "activity"])
def test_a_wrong_last_message(flaw, world, direct, group):
    match flaw:
        case "another message":
            change(direct, last_message=direct.messages.get(seq=2))
        case "of another conversation":
            change(direct, last_message=group.messages.get(seq=direct.last_seq))
        case "time":
            change(direct, last_message_at=F("last_message_at") - timedelta(seconds=1))
        case "activity":
            change(direct, last_activity_at=F("last_message_at") - timedelta(seconds=1))
    assert findings()["conversations know their last message and when it was"] == [direct.pk]


@pytest.mark.parametrize("version", [1, 1000])
def test_a_message_of_an_impossible_version(version, world, direct):
    message = direct.messages.get(seq=2)
    change(message, version=version)
    assert findings()["messages carry a version that their conversation has reached"] == [
        message.pk
    ]


def test_a_participant_of_an_impossible_version(world, direct, alice):
    change(place(direct, alice), version=1000)
    assert findings()["participants carry a version that their conversation has reached"] == [
        place(direct, alice).pk
    ]


def test_two_messages_of_one_version(world, direct):
    second = direct.messages.get(seq=2)
    change(direct.messages.get(seq=1), version=second.version)
    assert findings() == {"no two messages changed in the same version": [direct.pk]}


# --- Pointers ----------------------------------------------------------------------------------


def test_a_pointer_beyond_the_end(world, direct, alice):
    change(place(direct, alice), delivered_seq=direct.last_seq + 1)
    assert findings()["nobody has got further than there are messages for them"] == [
        place(direct, alice).pk
    ]


def test_a_pointer_beyond_the_leaving(world, group, bob):
    leave(actor=bob, conversation_id=group.pk)
    say(group.created_by, group)
    mine = place(group, bob)
    change(mine, delivered_seq=F("left_seq") + 1)
    assert findings()["nobody has got further than there are messages for them"] == [mine.pk]


def test_read_but_not_delivered(world, direct, alice, unconstrained):
    unconstrained("participant_read_implies_delivered")
    change(place(direct, alice), delivered_seq=0)
    assert findings()["read implies delivered"] == [place(direct, alice).pk]


@pytest.mark.parametrize("pointer", ["delivered_seq", "private_read_seq", "read_seq"])
def test_a_pointer_that_moved_without_a_receipt(pointer, world, direct, alice):
    mine = place(direct, alice)
    assert mine.delivered_seq == 3, "two messages wait"
    pointers = ["delivered_seq", "private_read_seq", "read_seq"]
    moved = pointers[: pointers.index(pointer) + 1]
    for each in moved[:-1]:
        record(mine, each.removesuffix("_seq"))
    change(mine, **dict.fromkeys(moved, 4))
    found = findings()
    sentence = "pointers got where they are by a receipt, an own message or joining"
    assert found == {sentence: [mine.pk]}


def record(mine: Participant, kind: str, from_seq: int = 3, to_seq: int = 4) -> Receipt:
    return Receipt.objects.create(
        conversation=mine.conversation,
        user=mine.user,
        kind=kind,
        from_seq=from_seq,
        to_seq=to_seq,
        at=timezone.now(),
    )


@pytest.mark.parametrize("kind", Receipt.Kind.values)
def test_a_pointer_behind_a_receipt(kind, world, direct, alice):
    mine = place(direct, alice)
    record(mine, kind)
    assert findings() == {"pointers are not behind receipts or own messages": [mine.pk]}


def test_a_pointer_behind_an_own_message(world, direct, bob):
    change(place(direct, bob), delivered_seq=3, private_read_seq=3, read_seq=3)
    assert findings()["pointers are not behind receipts or own messages"] == [place(direct, bob).pk]


def test_receipts_that_overlap(world, direct, bob):
    receipt = Receipt.objects.filter(conversation=direct, user=bob, kind="read").latest("to_seq")
    assert receipt.from_seq > 0, "there must be an earlier one to overlap with"
    change(receipt, from_seq=0)
    assert findings() == {"receipts of one pointer follow one another": [receipt.pk]}


@pytest.mark.parametrize("flaw", ["of a stranger", "of what is not there"])
def test_a_receipt_out_of_place(flaw, world, direct, alice, carol):
    if flaw == "of a stranger":
        receipt = record(Participant(conversation=direct, user=carol), "read")
    else:
        receipt = record(place(direct, alice), "read", to_seq=direct.last_seq + 1)
    assert findings()["receipts are of participants, for messages that there are"] == [receipt.pk]


@pytest.mark.parametrize(
    "ranges", [[[3, 2]], [[2, 3], [1, 1]], [[0, 1]], [[1, 1000]], [[1]], ["1"], {"1": 2}]
)
def test_impossible_absences(ranges, world, group, carol):
    change(place(group, carol), absences=ranges)
    assert findings()["absences are ranges in order, behind the read pointer"] == [
        place(group, carol).pk
    ]


def test_an_unread_count_that_is_not_what_a_recount_gives(world, direct, alice, monkeypatch):
    """The list counts by a query of its own: here it is broken on purpose."""

    def one_too_many(places):
        return places.annotate(unread_count=F("conversation__last_seq") - F("private_read_seq") + 1)

    monkeypatch.setattr(type(Participant.objects.all()), "with_unread_count", one_too_many)
    wrong = findings()["unread counts equal a recount"]
    assert place(direct, alice).pk in wrong
    assert len(wrong) == Participant.objects.count()


# --- Walls -------------------------------------------------------------------------------------


def test_a_participant_of_another_organization(world, direct, mallory):
    intruder = Participant.objects.create(conversation=direct, user=mallory)
    found = findings()
    assert found["participants are of their conversation's organization"] == [intruder.pk]
    assert found["direct conversations are of exactly their two people"] == [direct.pk]


def test_a_message_by_a_stranger(world, direct, carol):
    message = direct.messages.get(seq=1)
    change(message, sender=carol)
    assert findings()["messages are by participants of their conversation"] == [message.pk]


@pytest.mark.parametrize("flaw", ["elsewhere", "to itself"])
def test_a_reply_out_of_place(flaw, world, direct, group):
    reply = direct.messages.get(seq=2)
    change(reply, reply_to=group.messages.get(seq=1) if flaw == "elsewhere" else reply)
    assert findings() == {"replies are to earlier messages of the same conversation": [reply.pk]}


def test_a_conversation_begun_elsewhere(world, direct, mallory):
    change(direct, created_by=mallory)
    assert findings() == {"conversations were begun in their own organization": [direct.pk]}


def test_a_direct_conversation_that_somebody_left(world, direct, alice):
    now = timezone.now()
    change(place(direct, alice), left_seq=3, left_at=now, left_version=direct.version)
    assert findings()["direct conversations are of exactly their two people"] == [direct.pk]


def test_a_group_without_an_administrator(world, group):
    group.participants.update(role="member")
    assert findings() == {"groups with members have an administrator among them": [group.pk]}


def test_an_invitation_from_elsewhere(world, mallory):
    invitation = Invitation.objects.get()
    change(invitation, invited_by=mallory)
    sentence = "invitations were made and accepted in their own organization"
    assert findings() == {sentence: [invitation.pk]}


def test_an_invitation_accepted_elsewhere(world, mallory):
    invitation = Invitation.objects.get()
    change(invitation, accepted_by=mallory, accepted_at=timezone.now())
    sentence = "invitations were made and accepted in their own organization"
    assert findings() == {sentence: [invitation.pk]}


def test_a_block_across_organizations(world, alice, mallory):
    block = Block.objects.create(blocker=alice, blocked=mallory)
    assert findings() == {"people block people of their own organization": [block.pk]}


def test_a_push_subscription_of_another_person(world, alice, bob):
    session = Session.objects.create(user=alice, kind="api")
    subscription = PushSubscription.objects.create(
        user=bob, session=session, kind="fcm", endpoint="token"
    )
    sentence = "push subscriptions are of the person signed in on the device"
    assert findings() == {sentence: [subscription.pk]}


def test_an_audit_entry_about_another_organization(world, acme, mallory):
    entry = audit.record(audit.PASSWORD_CHANGED, actor=mallory, organization=acme, target=mallory)
    assert findings() == {"audit entries tell of the actor's own organization": [entry.pk]}


def test_a_broken_audit_chain(world, acme):
    AuditChain.objects.filter(organization=acme).update(last_hash="0" * 64)
    assert findings() == {"audit chains are whole": [acme.pk]}


# --- Announcements -----------------------------------------------------------------------------

WRONG_RECIPIENT = "notifications are for participants, of others' messages in that conversation"


@pytest.mark.parametrize("flaw", ["stranger", "own", "elsewhere", "nothing"])
def test_a_notification_out_of_place(flaw, world, direct, group, alice, bob, mallory):
    notification = Notification.objects.unread().get(user=alice, conversation=direct)
    match flaw:
        case "stranger":
            change(notification, user=mallory)
        case "own":
            change(notification, user=bob)
        case "elsewhere":
            change(notification, message=group.messages.get(seq=2))
        case "nothing":
            change(notification, count=0)
    assert findings()[WRONG_RECIPIENT] == [notification.pk]


def test_a_notification_of_what_was_read(world, direct, alice):
    notification = Notification.objects.unread().get(user=alice, conversation=direct)
    mark_read(actor=alice, conversation_id=direct.pk)
    assert findings() == {}
    change(notification, read_at=None)
    assert findings() == {"what was read is not announced any more": [notification.pk]}


# --- The command -------------------------------------------------------------------------------


def test_a_line_for_each_check(world):
    output = StringIO()
    call_command("check_integrity", stdout=output)
    assert output.getvalue().splitlines() == [f"✓ {each.sentence}" for each in CHECKS]


def test_exit_status_one_and_the_ids_when_anything_is_wrong(world, direct):
    change(direct, last_seq=F("last_seq") + 1)
    output = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("check_integrity", stdout=output)
    assert end.value.code == 1
    wrong = f"✗ conversations know the number of their last message: conversation {direct.pk}"
    assert wrong in output.getvalue().splitlines()
    assert "✓ messages are numbered 1, 2, 3 … without gap or double" in output.getvalue()


def test_many_ids_are_cut_short(world, acme, alice, mallory):
    people = [f"person{number}" for number in range(25)]
    Invitation.objects.bulk_create(
        Invitation(
            organization=acme,
            invited_by=mallory,
            email=f"{name}@acme.example",
            token_hash=name,
            expires_at=timezone.now(),
        )
        for name in people
    )
    output = StringIO()
    with pytest.raises(SystemExit):
        call_command("check_integrity", stdout=output)
    assert "and 5 more" in output.getvalue()


@pytest.mark.django_db(transaction=True)
def test_it_looks_at_one_moment_and_writes_nothing(world):
    output = StringIO()
    call_command("check_integrity", stdout=output)
    assert "✗" not in output.getvalue()
    assert not connection.in_atomic_block


def test_queries_do_not_grow_with_the_rows(world, alice, acme, django_assert_num_queries):
    # One each; unread counts three times, and the chains of two organizations are two more each.
    expected = len(CHECKS) + 2 + 4
    for number in range(5):
        conversation = create_group(actor=alice, title=f"{number}", member_ids=[]).conversation
        say(alice, conversation)
    with django_assert_num_queries(expected):
        for each in CHECKS:
            list(each.find())


@pytest.fixture
def unconstrained():
    """Lets a flaw in that the database itself would refuse; the test's rollback mends it."""
    with connection.cursor() as cursor:

        def drop(name: str) -> None:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA ignore_check_constraints = ON")
            else:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute(f"ALTER TABLE conversations_participant DROP CONSTRAINT {name}")

        yield drop
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
