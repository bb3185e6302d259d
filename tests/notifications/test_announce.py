"""From the outbox to the devices: who is told of what, how often, and why not."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import presence
from accounts.models import Block, Session, User
from accounts.roles import Role
from accounts.services.sessions import Reason, revoke_sessions
from chatproject.events import NewMessageBody, PreferencesBody
from conversations.models import Participant
from conversations.services.announcing import announce_due
from conversations.services.messages import delete_message, send_message
from conversations.services.preferences import change_preferences
from conversations.services.receipts import mark_delivered, mark_read
from notifications.models import (
    Notification,
    NotificationPreferences,
    OutboxEntry,
    PushDecision,
    PushDelivery,
    PushSubscription,
)
from tests.cast import person


@pytest.fixture
def send(service):
    def sent(sender: User, conversation, content: str = "Hi", **more):
        body = NewMessageBody(content=content, client_id=uuid4(), **more)
        return send_message(actor=sender, conversation_id=conversation.pk, body=body).message

    return sent


def reasons(user: User) -> list[tuple[str, str]]:
    rows = PushDecision.objects.visible_to(user).order_by("pk")
    return list(rows.values_list("outcome", "reason"))


def test_each_device_of_whoever_is_away_is_told_once(
    alice, bob, carol, group, send, browser_with_push, push_round
):
    desk, phone, hers = (browser_with_push(user) for user in (bob, bob, carol))
    own = browser_with_push(alice)
    message = send(alice, group, "Who brings the rope?")
    push_round()
    push_round()
    assert [len(one.received) for one in (desk, phone, hers, own)] == [1, 1, 1, 0]
    assert (
        desk.shown
        == phone.shown
        == [
            {
                "kind": "message",
                "tag": f"conversation-{group.pk}",
                "title": "Climbing",
                "body": "New message from Alice",
                "url": f"/c/{group.pk}",
                "conversationId": group.pk,
                "messageId": message.id,
                "notificationId": None,
                "unread": 1,
                "reply": "Reply",
                "silent": False,
                "stale": [],
                "at": desk.shown[0]["at"],
            }
        ]
    )
    assert reasons(bob) == [("push", "wanted")]
    assert reasons(alice) == [("nothing", "own")]
    assert not OutboxEntry.objects.exists()


def test_a_burst_is_one_push_and_what_comes_right_after_waits_and_replaces(
    alice, bob, group, send, browser_with_push, push_round
):
    browser = browser_with_push(bob)
    for number in range(100):
        send(alice, group, f"Number {number}")
    push_round()
    (shown,) = browser.shown
    assert shown["body"] == "100 new messages"
    assert reasons(bob) == [("push", "wanted")]

    for number in range(20):
        send(alice, group, f"Once more {number}")
        push_round()
    assert len(browser.received) == 1
    PushDelivery.objects.filter(state="waiting").update(due_at=timezone.now())
    push_round()
    assert [each["body"] for each in browser.shown] == ["100 new messages", "120 new messages"]
    assert len({each.headers["topic"] for each in browser.received}) == 1


def test_the_grace_lets_people_see_it_by_themselves(
    settings, alice, bob, direct, send, browser_with_push, push_round
):
    settings.PUSH_GRACE_SECONDS = 30
    browser = browser_with_push(bob)
    send(alice, direct)
    assert announce_due(now=timezone.now() + timedelta(seconds=29)) == 0
    mark_read(actor=bob, conversation_id=direct.pk)
    assert announce_due(now=timezone.now() + timedelta(seconds=31)) == 1
    push_round()
    assert browser.received == []
    assert reasons(bob) == [("nothing", "read")]


def away(bob, alice, direct, message):
    return None


def sits_there(bob, alice, direct, message):
    presence.connect(user_id=bob.pk, connection_id="of-the-test")
    mark_delivered(actor=bob, conversation_id=direct.pk)


def seems_to_sit_there(bob, alice, direct, message):
    """The network of their device is gone, which nobody has noticed yet."""
    presence.connect(user_id=bob.pk, connection_id="of-the-test")


def reads_it(bob, alice, direct, message):
    mark_read(actor=bob, conversation_id=direct.pk)


def blocks_the_sender(bob, alice, direct, message):
    Block.objects.create(blocker=bob, blocked=alice)


def is_in_quiet_hours(bob, alice, direct, message):
    change(bob, quiet_from="00:00", quiet_to="00:00")


def wants_no_messages(bob, alice, direct, message):
    change(bob, push_message=False)


def sees_it_deleted(bob, alice, direct, message):
    delete_message(actor=alice, conversation_id=direct.pk, message_id=message.id)


def mutes_the_conversation(bob, alice, direct, message):
    body = PreferencesBody(mute="eightHours")
    change_preferences(actor=bob, conversation_id=direct.pk, changes=body)


def wants_mentions_only(bob, alice, direct, message):
    body = PreferencesBody(level="mentions")
    change_preferences(actor=bob, conversation_id=direct.pk, changes=body)


def wants_nothing_of_it(bob, alice, direct, message):
    body = PreferencesBody(level="nothing")
    change_preferences(actor=bob, conversation_id=direct.pk, changes=body)


def change(user, **fields):
    NotificationPreferences.objects.update_or_create(user=user, defaults=fields)


@pytest.mark.parametrize("when", ["before the decision", "before the push"])
@pytest.mark.parametrize(
    ("happens", "expected"),
    [
        (away, ("push", "wanted")),
        (sits_there, ("nothing", "present")),
        (seems_to_sit_there, ("push", "wanted")),
        (reads_it, ("nothing", "read")),
        (blocks_the_sender, ("nothing", "blocked")),
        (is_in_quiet_hours, ("in_app", "quiet_hours")),
        (wants_no_messages, ("in_app", "kind_off")),
        (mutes_the_conversation, ("in_app", "muted")),
        (wants_mentions_only, ("in_app", "level_mentions")),
        (wants_nothing_of_it, ("in_app", "level_nothing")),
        (sees_it_deleted, ("nothing", "deleted")),
    ],
)
def test_what_happens_until_the_last_moment_counts(
    happens, expected, when, alice, bob, direct, send, browser_with_push, push_round, request
):
    request.addfinalizer(lambda: presence.disconnect(connection_id="of-the-test"))
    browser = browser_with_push(bob)
    message = send(alice, direct)
    if when == "before the push":
        announce_due(now=timezone.now())
    happens(bob, alice, direct, message)
    push_round()
    outcome, reason = expected
    assert len(browser.received) == (outcome == "push")
    if when == "before the decision":
        assert reasons(bob) == [expected]
    elif outcome != "push":
        delivery = PushDelivery.objects.get()
        assert (delivery.state, delivery.reason) == ("dropped", reason)


def test_whoever_only_left_a_page_open_is_told(
    alice, bob, direct, send, browser_with_push, push_round, request
):
    presence.connect(user_id=bob.pk, connection_id="idle", state=presence.State.IDLE)
    request.addfinalizer(lambda: presence.disconnect(connection_id="idle"))
    browser = browser_with_push(bob)
    send(alice, direct)
    push_round()
    assert len(browser.received) == 1


def test_the_words_are_pushed_only_to_those_who_want_that(
    alice, bob, carol, group, send, browser_with_push, push_round
):
    plain, wordy = browser_with_push(bob), browser_with_push(carol)
    change(carol, preview=True, sounds=False)
    send(alice, group, "The  combination\nis 4711")
    push_round()
    assert plain.shown[0]["body"] == "New message from Alice"
    assert not plain.shown[0]["silent"]
    assert wordy.shown[0]["body"] == "Alice: The combination is 4711"
    assert wordy.shown[0]["silent"]


def test_a_mention_is_an_at_and_a_name_or_a_reply(
    alice, bob, carol, group, send, browser_with_push, push_round
):
    browser = browser_with_push(bob)
    change(bob, push_message=False)
    own = send(bob, group, "I have one")
    for text in ("bob@example.org", "@Bobby", "Bob", "and @bo"):
        send(alice, group, text)
    push_round()
    assert browser.received == []
    send(alice, group, "Ask @bob!")
    send(carol, group, "Yes")
    push_round()
    assert [(each["kind"], each["body"]) for each in browser.shown] == [
        ("mention", "6 new messages, you were mentioned")
    ]
    PushDelivery.objects.all().delete()
    send(alice, group, "Good", reply_to_id=own.id)
    push_round()
    assert browser.shown[-1]["kind"] == "mention"
    mark_read(actor=bob, conversation_id=group.pk)
    PushDelivery.objects.all().delete()
    send(carol, group, "@Bob?")
    push_round()
    assert browser.shown[-1]["body"] == "Carol mentioned you"
    assert reasons(bob) == [
        ("nothing", "own"),
        ("in_app", "kind_off"),
        ("push", "mentioned"),
        ("in_app", "kind_off"),
        ("push", "mentioned"),
        ("push", "mentioned"),
    ]


def test_a_mention_stands_for_itself_in_the_app_until_it_is_read_or_deleted(
    alice, bob, carol, group, send, push_round, published
):
    def of_bob() -> list[tuple[str, int]]:
        unread = Notification.objects.unread().filter(user=bob).order_by("pk")
        return list(unread.values_list("kind", "count"))

    send(alice, group, "Does somebody have a rope?")
    deleted = send(alice, group, "@Bob? @Carol?")
    asked = send(alice, group, "@Bob, are you there?")
    push_round()
    assert of_bob() == [("message", 3), ("mention", 1), ("mention", 1)]
    event = published.to(bob)[-1]
    assert (event.kind, event.title, event.body) == (
        "mention",
        "Climbing",
        "Alice: @Bob, are you there?",
    )
    delete_message(actor=alice, conversation_id=group.pk, message_id=deleted.id)
    assert of_bob() == [("message", 2), ("mention", 1)]
    assert not Notification.objects.filter(user=carol, kind="mention").exists()
    mark_read(actor=bob, conversation_id=group.pk, up_to_seq=asked.seq)
    assert of_bob() == []


@pytest.mark.parametrize("role", Role)
def test_every_role_is_told_alike(role, acme, alice, group, send, browser_with_push, push_round):
    dora = person("Dora", acme, role)
    Participant.objects.create(conversation=group, user=dora)
    browser = browser_with_push(dora)
    send(alice, group)
    push_round()
    assert len(browser.received) == 1


def test_who_left_was_deactivated_or_signed_out_is_not_told(
    alice, bob, carol, group, send, browser_with_push, push_round
):
    gone, signed_out = browser_with_push(bob), browser_with_push(carol)
    place = Participant.objects.get(conversation=group, user=bob)
    place.left_seq, place.left_version, place.left_at = 0, 0, timezone.now()
    place.save()
    revoke_sessions(actor=None, user=carol, reason=Reason.REVOKED)
    assert not carol.push_subscriptions.exists()
    send(alice, group)
    push_round()
    assert gone.received == signed_out.received == []


def test_a_device_that_somebody_else_signed_in_to_is_told_nothing_of_mine(
    alice, bob, carol, direct, send, browser_with_push, push_round
):
    browser = browser_with_push(bob)
    send(alice, direct)
    announce_due(now=timezone.now())
    hers = Session.objects.create(user=carol, kind="browser")
    PushSubscription.objects.update(user=carol, session=hers)
    push_round()
    assert browser.received == []
    assert PushDelivery.objects.get().reason == "signed_out"


def test_what_was_read_elsewhere_is_named_so_that_the_device_clears_it(
    alice, bob, direct, group, send, browser_with_push, push_round
):
    browser = browser_with_push(bob)
    send(alice, direct)
    push_round()
    mark_read(actor=bob, conversation_id=direct.pk)
    send(alice, group)
    push_round()
    assert [each["stale"] for each in browser.shown] == [[], [f"conversation-{direct.pk}"]]


@pytest.mark.once
def test_sending_costs_one_statement_more_for_ten_thousand_who_are_away(
    alice, group, service, send
):
    people = User.objects.bulk_create(
        User(
            organization=alice.organization,
            email=f"person{number}@acme.example",
            display_name="Somebody",
        )
        for number in range(10_000)
    )
    Participant.objects.bulk_create(
        [Participant(conversation=group, user=user) for user in people], batch_size=2000
    )
    with CaptureQueriesContext(connection) as queries:
        send(alice, group, "Is anybody there?")
    outbox = [each["sql"] for each in queries if OutboxEntry._meta.db_table in each["sql"]]
    assert len(outbox) == 1
    assert OutboxEntry.objects.count() == 1
    with CaptureQueriesContext(connection) as queries:
        assert announce_due(now=timezone.now()) == 1
    # None of them has a device.
    assert len(queries) <= 15
