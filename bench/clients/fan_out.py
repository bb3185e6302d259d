"""One writes into a group, whose members all have a socket open; the next one waits until all have the last.

Only every fiftieth member parses what it gets (for the order); the others count frames, so that a thousand
readers in one process cost less than the server that writes to them.
"""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import Any
from uuid import uuid4

import orjson

from bench.clients.crowd import open_crowd
from bench.clients.pairs import TEXT
from bench.clients.period import Period, spread
from bench.clients.socket import Listener, Socket

PARSE_EVERY = 50
PATIENCE = 20
# So many messages are on their way at once: the server is not idle between the last reader and the next one.
IN_FLIGHT = 2


class Audience:
    def __init__(self, size: int, period: Period) -> None:
        self.size = size
        self.period = period
        self.heard = 0
        self.counted = 0
        self.seqs: dict[int, list[int]] = {}
        self.arrived = asyncio.Event()

    def listener(self, number: int) -> Listener:
        seqs = self.seqs.setdefault(number, []) if number % PARSE_EVERY == 0 else None

        def listen(text: bytes) -> None:
            if not text.startswith(b'{"event":"newMessage"'):
                return
            self.heard += 1
            if self.period.includes(perf_counter()):
                self.counted += 1
            if seqs is not None:
                seqs.append(orjson.loads(text)["data"]["seq"])
            if self.heard % self.size == 0:
                self.arrived.set()

        return listen

    async def has_heard(self, messages: int) -> None:
        while self.heard < messages * self.size:
            self.arrived.clear()
            async with asyncio.timeout(PATIENCE):
                await self.arrived.wait()


async def run(plan: dict[str, Any]) -> dict[str, Any]:
    """`conversation`, `sender`, `members`, `senders_port`, `members_port`, `warm_up`, `seconds`."""
    period = Period(plan["warm_up"], plan["seconds"])
    audience = Audience(len(plan["members"]), period)
    members = await open_crowd(plan["members"], plan["members_port"], audience.listener)
    sender = await Socket.open(plan["senders_port"], plan["sender"], lambda _text: None)
    passing = asyncio.create_task(period.pass_by())
    times = await speak(sender, audience, plan["conversation"])
    await passing
    lost = sum(member.is_lost for member in members)
    for socket in [sender, *members]:
        socket.close()
    return {
        **period.summary(),
        "delivered_per_second": audience.counted / period.length,
        "delivered_ms": spread(times),
        "lost": lost,
        "disordered": sum(seqs != sorted(seqs) for seqs in audience.seqs.values()),
    }


async def speak(sender: Socket, audience: Audience, conversation: int) -> list[float]:
    """How long it took until the last member had each message that counts."""
    times: list[float] = []
    begun: list[float] = []
    while not audience.period.is_over:
        number = len(begun)
        await audience.has_heard(number - IN_FLIGHT + 1)
        if number >= IN_FLIGHT and audience.period.includes(now := perf_counter()):
            times.append(now - begun[number - IN_FLIGHT])
        begun.append(perf_counter())
        body = {"conversationId": conversation, "content": TEXT, "clientId": str(uuid4())}
        sender.say("sendMessage", body, number)
    await audience.has_heard(len(begun))
    return times
