"""Group commit, as those see it who send at the same time."""

import asyncio
from collections.abc import AsyncIterator
from threading import Event
from uuid import uuid4

import pytest
from django.db import IntegrityError, OperationalError

from chatproject.errors import Forbidden, NotFound, Unavailable, describe
from chatproject.events import NewMessageBody
from chatproject.threads import in_thread
from conversations import writer
from conversations.models import Message
from conversations.services import batches
from conversations.services.members import remove_member
from conversations.writer import Writer, asend_message, send_message


class Gate:
    """In front of the database: closed, it lets sends gather to a batch."""

    def __init__(self) -> None:
        self.is_open = Event()
        self.is_open.set()
        self.batches: list[int] = []
        self.failures: list[Exception] = []
        self.send_messages = batches.send_messages

    def __call__(self, *, sends):
        assert self.is_open.wait(timeout=10)
        self.batches.append(len(sends))
        if self.failures:
            raise self.failures.pop()
        return self.send_messages(sends=sends)


@pytest.fixture
async def gate(monkeypatch) -> AsyncIterator[Gate]:
    gate = Gate()
    monkeypatch.setattr(writer, "send_messages", gate)
    yield gate
    gate.is_open.set()
    if Writer.current:
        await in_thread(Writer.current.stop)


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
    gate.failures = [OperationalError("the server closed the connection")]
    gate.is_open.set()
    for outcome in await asyncio.gather(first, *waiting, return_exceptions=True):
        if isinstance(outcome, Exception):
            assert describe(outcome).status == 503
            assert "Retry-After" in describe(outcome).headers
    assert (await say(alice, direct)).created


@pytest.mark.parametrize("failure", [IntegrityError("a key"), ZeroDivisionError("a fault")])
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
    stopping = asyncio.ensure_future(in_thread(Writer.current.stop))
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
