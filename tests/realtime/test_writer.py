"""Group commit, as those see it who send at the same time."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from accounts import presence
from chatproject.errors import Forbidden, NotFound, Unavailable, describe
from chatproject.events import NewMessageBody
from chatproject.realtime import Hub
from chatproject.threads import in_thread
from conversations import writer
from conversations.models import Conversation, Message, Participant, Receipt
from conversations.services.batch_sql import SENDS
from conversations.services.batches import Send, rows_of_sends
from conversations.services.members import remove_member
from conversations.services.news import notify_of_overdue_news
from conversations.stores import KeyTaken, store_of_this_database
from conversations.writer import (
    Writer,
    amark_delivered,
    amark_read,
    asend_message,
    send_message,
)
from notifications.models import Notification


class Gate:
    """In front of the database: closed, it lets sends gather to a batch."""

    def __init__(self) -> None:
        self.store = store_of_this_database()
        self.is_open = asyncio.Event()
        self.is_open.set()
        self.batches: list[int] = []
        self.failures: list[Exception] = []

    async def run(self, operation, given):
        await asyncio.wait_for(self.is_open.wait(), timeout=10)
        if operation is SENDS:
            self.batches.append(len(given))
        if self.failures:
            raise self.failures.pop()
        return await self.store.run(operation, given)

    async def close(self) -> None:
        await self.store.close()


@pytest.fixture
async def gate(monkeypatch) -> AsyncIterator[Gate]:
    gate = Gate()
    monkeypatch.setattr(writer, "store_of_this_database", lambda: gate)
    yield gate
    gate.is_open.set()
    if Writer.current:
        await Writer.current.stop()
    if Hub.current:
        await Hub.current.stop()


@pytest.fixture
def all_online(alice, bob, carol) -> Iterator[None]:
    """Nobody has a notification to clear."""
    people = (alice, bob, carol)
    for person in people:
        presence.connect(user_id=person.pk, connection_id=person.display_name)
    yield
    for person in people:
        presence.disconnect(connection_id=person.display_name)


def say(actor, place, content="Hello", **fields):
    body = NewMessageBody(content=content, **fields)
    return asyncio.ensure_future(
        asend_message(actor=actor, conversation_id=place.conversation_id, body=body)
    )


async def gathered(gate: Gate, actor, place) -> asyncio.Future:
    """Something that is being stored, behind which others wait."""
    gate.is_open.clear()
    first = say(actor, place, "First")
    await asyncio.sleep(0.1)
    return first


async def test_who_waits_meanwhile_is_stored_together(gate, alice, bob, direct) -> None:
    first = await gathered(gate, alice, direct)
    others = [say(person, direct) for person in (alice, bob) * 10]
    await asyncio.sleep(0)
    gate.is_open.set()
    sent = [await each for each in (first, *others)]
    assert gate.batches == [1, 20]
    assert sorted(each.message.seq for each in sent) == list(range(1, 22))
    assert all(each.created for each in sent)


async def test_one_bad_send_never_fails_its_neighbours(
    gate, alice, bob, carol, mallory, direct, group
) -> None:
    await in_thread(
        remove_member, actor=alice, conversation_id=group.conversation_id, user_id=carol.pk
    )
    first = await gathered(gate, alice, direct)
    good, key = say(bob, direct), uuid4()
    bad = [say(mallory, direct), say(carol, group), say(alice, direct, reply_to_id=10**6)]
    repeats = [say(alice, direct, client_id=key) for _ in range(3)]
    await asyncio.sleep(0)
    gate.is_open.set()
    refusals = await asyncio.gather(*bad, return_exceptions=True)
    assert [type(refusal) for refusal in refusals[:2]] == [NotFound, Forbidden]
    assert describe(refusals[2]).body["errors"][0]["code"] == "unknown_message"  # type: ignore[arg-type]
    assert (await first).created and (await good).created
    answers = [await repeat for repeat in repeats]
    assert sorted(answer.created for answer in answers) == [False, False, True]
    assert len({answer.message.id for answer in answers}) == 1
    assert await in_thread(Message.objects.filter(kind="text").count) == 3


async def test_while_the_database_is_away_everybody_is_told_to_come_back(
    gate, alice, bob, direct
) -> None:
    first = await gathered(gate, alice, direct)
    waiting = [say(alice, direct), say(bob, direct)]
    await asyncio.sleep(0)
    gate.failures = [Unavailable(retry_after=1)]
    gate.is_open.set()
    for outcome in await asyncio.gather(first, *waiting, return_exceptions=True):
        if isinstance(outcome, Exception):
            assert describe(outcome).status == 503
            assert "Retry-After" in describe(outcome).headers
    assert (await say(alice, direct)).created


@pytest.mark.parametrize("failure", [KeyTaken("a key"), ZeroDivisionError("a fault")])
async def test_a_batch_that_fails_as_a_whole_goes_one_by_one(
    gate, alice, bob, direct, failure
) -> None:
    gate.failures = [failure]
    first = await gathered(gate, alice, direct)
    gate.is_open.set()
    assert (await first).created
    assert (await say(bob, direct)).message.seq == 2


async def test_over_the_bound_the_next_is_told_to_come_back(
    gate, alice, direct, monkeypatch
) -> None:
    monkeypatch.setattr(writer, "MAX_WAITING", 2)
    first = await gathered(gate, alice, direct)
    waiting = [say(alice, direct) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable) as refusal:
        await say(alice, direct)
    assert refusal.value.retry_after == 1
    gate.is_open.set()
    assert all([(await each).created for each in (first, *waiting)])


async def test_a_stop_writes_what_was_taken(gate, alice, bob, direct) -> None:
    first = await gathered(gate, alice, direct)
    waiting = [say(alice, direct), say(bob, direct)]
    await asyncio.sleep(0)
    assert Writer.current
    stopping = asyncio.ensure_future(Writer.current.stop())
    await asyncio.sleep(0.05)
    gate.is_open.set()
    await stopping
    assert [(await each).message.seq for each in (first, *waiting)] == [1, 2, 3]


async def test_a_thread_joins_in_and_goes_alone_where_nobody_writes(gate, alice, direct) -> None:
    body = {"actor": alice, "conversation_id": direct.conversation_id}
    await in_thread(lambda: send_message(body=NewMessageBody(content="Alone"), **body))
    assert gate.batches == []
    assert (await say(alice, direct)).created
    sent = await in_thread(lambda: send_message(body=NewMessageBody(content="Joined"), **body))
    assert (gate.batches, sent.message.seq) == ([1, 1], 3)


async def test_who_gave_up_waiting_disturbs_nobody(gate, alice, bob, direct) -> None:
    first = await gathered(gate, alice, direct)
    impatient, patient = say(alice, direct), say(bob, direct)
    await asyncio.sleep(0)
    impatient.cancel()
    gate.is_open.set()
    assert (await patient).created and (await first).created
    assert await in_thread(Message.objects.count) == 3


@pytest.mark.usefixtures("all_online")
async def test_receipts_of_one_moment_are_stored_together(
    gate, alice, bob, carol, group, published
) -> None:
    # They were told of the group; to clear that goes alone.
    await in_thread(Notification.objects.all().delete)
    await say(alice, group, "One")
    await say(alice, group, "Two")
    published.forget()
    first = await gathered(gate, alice, group)
    where = {"conversation_id": group.conversation_id}
    marks = [
        asyncio.ensure_future(amark_delivered(actor=bob, up_to_seq=2, **where)),
        asyncio.ensure_future(amark_read(actor=bob, up_to_seq=3, **where)),
        asyncio.ensure_future(amark_delivered(actor=carol, up_to_seq=None, **where)),
    ]
    await asyncio.sleep(0)
    gate.is_open.set()
    await asyncio.gather(first, *marks)
    pointers = {
        place.user_id: (place.delivered_seq, place.read_seq, place.private_read_seq)
        for place in await in_thread(lambda: list(Participant.objects.filter(**where)))
    }
    last = (await first).message.seq
    assert pointers[bob.pk] == (3, 3, 3)
    assert pointers[carol.pk][0] == last
    assert published.names.count("messagesRead") == 1, "one change of bob's, not two"
    assert published.names.count("messageDelivered") == 1
    conversation = await in_thread(lambda: Conversation.objects.get(pk=group.conversation_id))
    versions = [event.version for event, _to in published.all if hasattr(event, "version")]
    assert sorted(versions) == list(range(versions[0], conversation.version + 1))


@pytest.mark.usefixtures("all_online")
async def test_what_was_delivered_further_than_read_is_two_changes(
    gate, alice, bob, direct
) -> None:
    for text in ("One", "Two", "Three"):
        await say(alice, direct, text)
    where = {"conversation_id": direct.conversation_id}
    await asyncio.gather(
        amark_read(actor=bob, up_to_seq=1, **where),
        amark_delivered(actor=bob, up_to_seq=3, **where),
    )
    place = await in_thread(lambda: Participant.objects.get(user=bob, **where))
    assert (place.delivered_seq, place.read_seq) == (3, 1)
    kinds = await in_thread(
        lambda: sorted(Receipt.objects.filter(user=bob).values_list("kind", "to_seq"))
    )
    assert kinds == [("delivered", 1), ("delivered", 3), ("private_read", 1), ("read", 1)]


async def test_an_outsiders_receipt_is_refused_and_disturbs_nobody(
    gate, alice, bob, mallory, direct
) -> None:
    await say(alice, direct)
    where = {"conversation_id": direct.conversation_id, "up_to_seq": None}
    outcomes = await asyncio.gather(
        amark_read(actor=mallory, **where), amark_read(actor=bob, **where), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [NotFound, type(None)]


async def test_who_is_away_is_notified_once_for_what_was_said_together(
    gate, alice, bob, direct
) -> None:
    first = await gathered(gate, alice, direct)
    others = [say(alice, direct) for _ in range(3)]
    await asyncio.sleep(0)
    gate.is_open.set()
    await asyncio.gather(first, *others)
    assert Writer.current
    await Writer.current.stop()
    (notification,) = await in_thread(lambda: list(Notification.objects.all()))
    assert (notification.user_id, notification.count) == (bob.pk, 4)


async def test_what_a_killed_process_did_not_tell_another_one_does(
    gate, alice, bob, direct, monkeypatch
) -> None:
    """The process dies after COMMIT and before anybody was notified."""
    await gate.store.run(
        SENDS,
        rows_of_sends([Send(alice, direct.conversation_id, NewMessageBody(content="Hello"))]),
    )
    await in_thread(notify_of_overdue_news)
    assert not await in_thread(Notification.objects.exists), "that process may be about to do it"
    monkeypatch.setattr("conversations.services.news.OVERDUE", timedelta(0))
    await in_thread(notify_of_overdue_news)
    await in_thread(notify_of_overdue_news)
    assert await in_thread(lambda: [n.count for n in Notification.objects.filter(user=bob)]) == [1]
