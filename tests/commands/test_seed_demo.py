from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models.functions import Length
from django.utils import timezone

from accounts.models import Organization, PrivacySettings, User
from conversations.management.commands.check_integrity import CHECKS
from conversations.management.demo.script import read_scripts
from conversations.management.demo.store import store_demo
from conversations.models import Conversation, Message, Participant, Receipt
from notifications.models import Notification


def seed(*arguments: str) -> str:
    output = StringIO()
    call_command("seed_demo", *arguments, stdout=output)
    return output.getvalue()


@pytest.fixture(autouse=True)
def development(settings) -> None:
    settings.DEBUG = True


def test_what_it_makes_is_whole(db):
    seed()
    assert {each.sentence: list(each.find()) for each in CHECKS} == {
        each.sentence: [] for each in CHECKS
    }


def test_it_tells_who_can_sign_in_and_they_can(db):
    text = seed("--if-empty")
    for email in ("alice@acme.example", "bob@acme.example", "mallory@globex.example"):
        assert email in text
        assert User.objects.get(email=email).check_password("correct horse battery")
    assert "correct horse battery" in text


def test_alice_comes_back_to_weeks_of_chat_and_something_unread(db):
    now = timezone.now()
    store_demo(now)
    alice = User.objects.get(email="alice@acme.example")
    conversations = Conversation.objects.visible_to(alice)
    assert conversations.filter(kind="direct").count() >= 8
    assert conversations.filter(kind="group").count() >= 4

    messages = Message.objects.filter(conversation__in=conversations)
    assert messages.count() > 400
    assert messages.earliest("created_at").created_at < now - timedelta(weeks=5)
    assert now - timedelta(hours=1) < messages.latest("created_at").created_at <= now
    yesterday = (now - timedelta(days=1)).date()
    assert messages.filter(created_at__date=yesterday).exists()

    places: Any = Participant.objects.visible_to(alice).with_unread_count()
    assert places.filter(unread_count__gt=0).count() >= 4
    assert Notification.objects.visible_to(alice).unread().count() >= 3


def test_every_kind_of_line_occurs(db):
    seed()
    for condition in (
        {"reply_to__isnull": False},
        {"edited_at__isnull": False},
        {"deleted_at__isnull": False},
        {"kind": "system"},
        {"content__contains": "https://"},
        {"content__contains": "🎉"},
        {"content__contains": "صباح"},
        {"content__contains": "ありがとう"},
    ):
        assert Message.objects.filter(**condition).exists(), condition
    assert Message.objects.annotate(length=Length("content")).filter(length__gt=600).exists()
    assert Participant.objects.filter(left_seq__isnull=False).exists()
    assert Participant.objects.exclude(absences=[]).exists()
    assert set(Receipt.objects.values_list("kind", flat=True)) == set(Receipt.Kind.values)
    assert PrivacySettings.objects.filter(read_receipts=False).exists()


def test_messages_of_a_conversation_were_said_one_after_the_other_and_none_in_the_future(db):
    now = timezone.now()
    store_demo(now)
    for conversation in Conversation.objects.all():
        times = list(conversation.messages.order_by("seq").values_list("created_at", flat=True))
        assert times == sorted(times)
        assert conversation.created_at <= times[0]
        assert times[-1] <= now
    assert not Receipt.objects.filter(at__gt=now).exists()
    assert not User.objects.filter(last_seen_at__gt=now).exists()


@pytest.mark.once
@pytest.mark.parametrize("hour", [0, 9, 23])
def test_the_same_moment_gives_the_same_scripts(hour):
    now = datetime(2026, 3, 2, hour, 1, tzinfo=UTC)
    assert read_scripts(now) == read_scripts(now)


def test_it_is_whole_also_right_after_midnight(db):
    store_demo(datetime(2026, 3, 2, 0, 1, tzinfo=UTC))
    assert not [each.sentence for each in CHECKS if list(each.find())]


def test_if_empty_does_nothing_where_there_are_people(alice):
    assert seed("--if-empty") == ""
    assert User.objects.get() == alice
    assert not Conversation.objects.exists()


def test_twice_is_refused(db):
    seed()
    with pytest.raises(CommandError, match="already"):
        seed()


def test_outside_development_it_needs_to_be_meant(settings, db):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="--yes"):
        seed()
    assert not Organization.objects.exists()
    assert "alice@acme.example" in seed("--yes")


def test_statements_do_not_grow_with_the_messages(db, django_assert_max_num_queries):
    with django_assert_max_num_queries(150):
        seed()
    assert Message.objects.count() > 500
