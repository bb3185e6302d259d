"""Sends in one batch do what the same sends do one after the other: rows, answers, refusals and events."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import UUID, uuid5

import orjson
import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import RawCursor

from accounts import presence
from accounts.models import Block, PrivacySettings, User
from chatproject.errors import DomainError
from chatproject.events import Event, NewMessageBody
from chatproject.set_wise import rows_told
from conversations.models import Conversation, Message, Participant, Receipt
from conversations.services.batch_sql import SENDS
from conversations.services.batches import Send, rows_of_sends, tell_of_sends
from conversations.services.conversations import create_group, get_or_create_direct
from conversations.services.members import add_members, remove_member
from conversations.services.messages import delete_message, send_message
from conversations.services.news import notify_of_news
from notifications.models import Notification

# More of them: HISTORIES=500 bin/test tests/properties
BATCHES = int(os.environ.get("HISTORIES", "3")) * 4
SPACE = UUID("5ca1ab1e-0000-4000-8000-000000000000")
NAMES = ["alice", "bob", "carol", "mallory"]
PLACES = ["group", "with bob", "with carol"]

names = st.sampled_from(NAMES)
members = st.sampled_from(["bob", "carol"])
places = st.sampled_from(PLACES)
# A key that comes again with the same number is a repeat, in whatever place and of whatever text.
wishes = st.tuples(
    names,
    places,
    st.sampled_from(["Hello", "Hello again", "x" * 300]),
    st.integers(0, 30),
    st.none() | st.integers(0, 12),
)
changes = st.one_of(
    st.tuples(st.just("send"), wishes),
    st.tuples(st.just("block"), st.permutations(["alice", "bob"])),
    st.tuples(st.just("deactivate"), members),
    st.tuples(st.just("withhold receipts"), names),
    st.tuples(st.just("let post"), st.sampled_from(["admins", "everyone"])),
    st.tuples(st.just("remove"), members),
    st.tuples(st.just("add"), members),
    st.tuples(st.just("delete"), st.integers(0, 12)),
)


class World:
    """Who is there, what they did before, and what can be seen of it."""

    def __init__(self, cast: dict[str, User], published: Any) -> None:
        self.cast = cast
        self.published = published
        alice, bob, carol = (cast[name] for name in NAMES[:3])
        group = create_group(actor=alice, title="Team", member_ids=[bob.pk, carol.pk])
        self.places = {"group": group.conversation_id}
        for name, person in (("with bob", bob), ("with carol", carol)):
            place, _created = get_or_create_direct(actor=alice, target_user_id=person.pk)
            self.places[name] = place.conversation_id

    def do(self, change: tuple[str, Any]) -> None:
        match change:
            case "send", wish:
                answer_of(lambda: send_alone(self.send(wish)))
            case "block", (one, other):
                Block.objects.get_or_create(blocker=self.cast[one], blocked=self.cast[other])
            case "deactivate", who:
                User.objects.filter(pk=self.cast[who].pk).update(is_active=False)
            case "let post", who:
                group = Conversation.objects.filter(pk=self.places["group"])
                group.update(who_may_post=who)
            case "withhold receipts", who:
                PrivacySettings.objects.filter(user=self.cast[who]).update(read_receipts=False)
            case "remove", who:
                answer_of(lambda: remove_member(user_id=self.cast[who].pk, **self._as_admin()))
            case "add", who:
                answer_of(lambda: add_members(user_ids=[self.cast[who].pk], **self._as_admin()))
            case "delete", number:
                self._delete(number)

    def send(self, wish: tuple[str, str, str, int, int | None]) -> Send:
        who, where, text, key, reply_to = wish
        body = NewMessageBody(
            content=text,
            client_id=uuid5(SPACE, str(key)),
            reply_to_id=None if reply_to is None else self._message_id(reply_to),
        )
        return Send(self.cast[who], self.places[where], body)

    def seen(self) -> dict[str, Any]:
        """Everything but ids and times, in which two runs may differ."""
        return {
            "conversations": rows(Conversation, "id", "last_seq", "version", "last_message__seq"),
            "places": rows(
                Participant,
                "conversation_id",
                "user_id",
                "delivered_seq",
                "read_seq",
                "private_read_seq",
                "version",
            ),
            "messages": rows(
                Message,
                "conversation_id",
                "seq",
                "version",
                "kind",
                "sender_id",
                "content",
                "client_id",
                "request_hash",
                "reply_to__seq",
            ),
            "receipts": rows(Receipt, "conversation_id", "user_id", "kind", "from_seq", "to_seq"),
            "notifications": rows(
                Notification.objects.unread(),
                "conversation_id",
                "user_id",
                "kind",
                "count",
                "message__seq",
            ),
            "events": [said_of(event, to) for event, to in self.published.all if is_said(event)],
        }

    def _as_admin(self) -> dict[str, Any]:
        return {"actor": self.cast["alice"], "conversation_id": self.places["group"]}

    def _message_id(self, number: int) -> int:
        ids = list(Message.objects.order_by("id").values_list("id", flat=True))
        return ids[number % len(ids)]

    def _delete(self, number: int) -> None:
        message = Message.objects.get(pk=self._message_id(number))
        answer_of(
            lambda: delete_message(
                actor=message.sender,
                conversation_id=message.conversation_id,
                message_id=message.pk,
            )
        )


def send_alone(send: Send) -> Any:
    sent = send_message(actor=send.actor, conversation_id=send.conversation_id, body=send.body)
    return shape_of(sent)


def answer_of(operation: Callable[[], Any]) -> Any:
    try:
        with transaction.atomic():
            return operation()
    except DomainError as refusal:
        return refusal.status, refusal.code


def together(sends: list[Send]) -> tuple[list[int], list[Any]]:
    """The order in which they happened, and the answers in that order."""
    reasons = [reasons_to_go_alone(send, sends) for send in sends]
    sent = tell_of_sends(sends, stored(rows_of_sends(sends)))
    notify_of_news(conversation_ids={send.conversation_id for send in sends})
    order = sorted(range(len(sends)), key=lambda number: sent[number] is None)
    answers = []
    for number in order:
        if one := sent[number]:
            answers.append(shape_of(one))
        else:
            answers.append(answer_of(partial(send_alone, sends[number])))
            was_stored = answers[-1][0] is True
            assert not was_stored or reasons[number]
    return order, answers


def stored(rows: list[dict[str, Any]]) -> list[Any]:
    """As the writer's stores do it, but in the transaction that is open."""
    if connection.vendor == "sqlite":
        return SENDS.in_sqlite(rows)
    with RawCursor(connection.connection) as cursor:
        cursor.execute(SENDS.function)
        cursor.execute(SENDS.call, [orjson.dumps(rows).decode()])
        return rows_told(cursor.fetchone())


def reasons_to_go_alone(send: Send, sends: list[Send]) -> list[str]:
    keys = [(each.actor, each.body.client_id) for each in sends]
    where = {"conversation_id": send.conversation_id, "user": send.actor}
    reasons = {
        "another one has its key": keys.count((send.actor, send.body.client_id)) > 1,
        "there is something to clear": Notification.objects.unread().filter(**where).exists(),
        "they were away for a while": send.body.reply_to_id is not None
        and Participant.objects.filter(**where).exclude(absences=[]).exists(),
    }
    return [reason for reason, holds in reasons.items() if holds]


def one_by_one(sends: list[Send]) -> list[Any]:
    return [answer_of(partial(send_alone, send)) for send in sends]


def shape_of(sent: Any) -> Any:
    reply = sent.message.reply_to
    return (
        sent.created,
        sent.message.model_dump(exclude={"id", "created_at", "updated_at", "reply_to"}),
        reply and reply.model_dump(exclude={"id"}),
    )


def rows(source: Any, *fields: str) -> list[Any]:
    return sorted(getattr(source, "objects", source).values_list(*fields), key=repr)


def is_said(event: Event) -> bool:
    # A batch tells of a growing number once. The rows are compared above.
    return event.name not in ("newNotification", "notificationsRead")


def said_of(event: Event, to: list[int]) -> Any:
    different = {"id", "at", "created_at", "updated_at", "reply_to"}
    return event.name, to, event.model_dump(exclude=different)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def someone_online(alice: User) -> Iterator[None]:
    presence.connect(user_id=alice.pk, connection_id="alice's phone")
    yield
    presence.disconnect(connection_id="alice's phone")


@pytest.mark.usefixtures("someone_online")
def test_a_batch_does_what_its_sends_do_alone(alice, bob, carol, mallory, published):
    cast = dict(zip(NAMES, (alice, bob, carol, mallory), strict=True))

    @settings(max_examples=BATCHES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(history=st.lists(changes, max_size=8), batch=st.lists(wishes, min_size=1, max_size=12))
    def compare(history: list[Any], batch: list[Any]) -> None:
        with undone():
            world = World(cast, published)
            for change in history:
                world.do(change)
            sends = [world.send(wish) for wish in batch]
            with undone():
                published.forget()
                order, answers = together(sends)
                after_batch = world.seen()
                published.forget()
            with undone():
                assert answers == one_by_one([sends[number] for number in order])
                assert after_batch == world.seen()
                published.forget()

    compare()
    assert not Message.objects.exists(), "each history was undone"


def test_what_is_not_ordinary_is_left_alone(alice, bob, mallory, published):
    place, _created = get_or_create_direct(actor=alice, target_user_id=bob.pk)
    published.forget()
    good = Send(alice, place.conversation_id, NewMessageBody(content="Hello"))
    foreign = Send(mallory, place.conversation_id, NewMessageBody(content="Let me in"))
    nowhere = Send(alice, 10**9, NewMessageBody(content="Is anybody there?"))
    sends = [good, foreign, nowhere, good]
    first, *others = tell_of_sends(sends, stored(rows_of_sends(sends)))
    assert first is not None
    assert others == [None, None, None]
    assert Message.objects.count() == 1
    assert published.names.count("newMessage") == 1
