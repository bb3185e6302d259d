"""clients/python against a real server, through a network that breaks.

MESSAGES and RECONNECTS make it larger: MESSAGES=10000 RECONNECTS=20 is what is promised.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from parley_client import Live, Outbox, Parley, Position, Refused, SignedOut, Tokens
from tests.cast import PASSWORD
from tests.clients import Rest
from tests.live import Site
from tests.network import Cable, cable_to

pytestmark = [pytest.mark.live, pytest.mark.timeout(900)]

MESSAGES = int(os.environ.get("MESSAGES", "120"))
RECONNECTS = int(os.environ.get("RECONNECTS", "2"))
PATIENCE = 60


@pytest.fixture
def cable(embedded_site: Site) -> Iterator[Cable]:
    with cable_to(embedded_site.url) as cable:
        yield cable


@pytest.fixture
async def open_device(embedded_site: Site, cast: dict[str, str]) -> AsyncIterator:
    async with AsyncExitStack() as stack:

        async def opened(name: str, url: str = "") -> Parley:
            parley = await stack.enter_async_context(Parley(url or embedded_site.url))
            await parley.sign_in(cast[name], PASSWORD, device="tests")
            return parley

        yield opened


@pytest.fixture
def cast(embedded_site: Site) -> dict[str, str]:
    return embedded_site.cast()


@pytest.fixture
def direct(embedded_site: Site, cast: dict[str, str]) -> int:
    """The conversation of Alice and Bob."""
    with (
        Rest(embedded_site.url, cast["alice"]) as alice,
        Rest(embedded_site.url, cast["bob"]) as bob,
    ):
        return alice.direct_with(bob.id)


async def test_none_is_lost_and_none_comes_twice_however_often_the_network_breaks(
    open_device, cable, direct
) -> None:
    alice, bob = await open_device("alice", cable.url), await open_device("bob", cable.url)
    async with alice.live() as writing, bob.live() as reading:
        breaking = asyncio.create_task(break_often(cable, [writing, reading]))
        sending = asyncio.create_task(send_all(writing, direct))
        heard = await read(reading, MESSAGES)
        await asyncio.gather(breaking, sending)
    assert heard == [str(number) for number in range(MESSAGES)]
    assert reading.reconnects >= RECONNECTS and writing.reconnects >= RECONNECTS
    page = await bob.get(f"chat/conversations/{direct}")
    assert page["lastSeq"] == MESSAGES, "A message was stored twice."


async def send_all(writing: Live, conversation_id: int) -> None:
    for number in range(MESSAGES):
        await writing.send(conversation_id, str(number))


async def read(reading: Live, count: int) -> list[str]:
    heard: list[str] = []
    async with asyncio.timeout(15 * PATIENCE), aclosing(reading.messages()) as messages:
        async for message in messages:
            heard.append(message.content)
            if len(heard) == count:
                return heard
    raise AssertionError("The messages ended.")


async def break_often(cable: Cable, clients: list[Live]) -> None:
    for number in range(1, RECONNECTS + 1):
        await until(partial(has_heard, clients, number * MESSAGES // (RECONNECTS + 1)))
        before = [client.reconnects for client in clients]
        cable.cut()
        await until(lambda: not cable.is_in_use)
        cable.mend()
        await until(partial(are_back, clients, before))


def has_heard(clients: list[Live], count: int) -> bool:
    return any(seq >= count for client in clients for seq in client.position.seqs.values())


def are_back(clients: list[Live], before: list[int]) -> bool:
    return all(one.reconnects > past for one, past in zip(clients, before, strict=True))


async def until(condition) -> None:
    async with asyncio.timeout(10 * PATIENCE):
        while not condition():
            await asyncio.sleep(0.02)


async def test_a_reader_goes_on_where_another_process_stopped(open_device, direct) -> None:
    alice, bob = await open_device("alice"), await open_device("bob")
    async with alice.live() as writing:
        async with bob.live() as reading:
            await writing.send(direct, "first")
            assert await read(reading, 1) == ["first"]
            kept = reading.position.to_json()
        await writing.send(direct, "second")
        team = await alice.post(
            "chat/conversations",
            {"type": "group", "title": "Team", "memberIds": [await id_of(bob)]},
        )
        await writing.send(team["id"], "third")
        async with bob.live(position=Position.from_json(kept)) as reading:
            heard = await read(reading, 3)
    # Of the group that is new, all: what it tells of itself, too.
    assert heard[0] == "second" or heard[2] == "second"
    assert {"second", "third"} < set(heard)


async def id_of(device: Parley) -> int:
    me = await device.get("auth/me")
    return int(me["id"])


async def test_what_was_not_sent_is_sent_after_a_restart(
    open_device, direct, tmp_path: Path
) -> None:
    file = tmp_path / "outbox"
    Outbox(file).add(direct, "written before")
    alice, bob = await open_device("alice"), await open_device("bob")
    async with bob.live() as reading, alice.live(outbox=Outbox(file)) as writing:
        assert await read(reading, 1) == ["written before"]
        await until(lambda: not writing.outbox.waiting)
    assert not file.read_text()


async def test_what_is_refused_is_told_and_not_tried_again(open_device, direct) -> None:
    alice = await open_device("alice")
    async with alice.live() as writing:
        with pytest.raises(Refused) as refused:
            await writing.send(direct, "x" * 5000)
        assert refused.value.code == "string_too_long"
        assert not writing.outbox.waiting


async def test_many_at_once_refresh_once(open_device) -> None:
    alice = await open_device("alice")
    pairs: list[Tokens | None] = []
    alice._keep_tokens = pairs.append
    alice.tokens = replace(alice.tokens, access=expired(alice.tokens.access))
    answers = await asyncio.gather(*(alice.get("auth/me") for _ in range(20)))
    assert len({answer["id"] for answer in answers}) == 1
    assert len(pairs) == 1


def expired(access: str) -> str:
    """As if the clock had gone on: no server takes this one."""
    return access[:-4] + "AAAA"


async def test_signing_out_ends_it(open_device) -> None:
    alice = await open_device("alice")
    async with alice.live() as chat:
        await alice.sign_out()
        with pytest.raises(SignedOut):
            async with asyncio.timeout(PATIENCE):
                await read(chat, 1)
    with pytest.raises(SignedOut):
        await alice.get("auth/me")
