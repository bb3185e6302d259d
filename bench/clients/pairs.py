"""Somebody who writes, and somebody on another process who reads it. One clock counts for both."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any
from uuid import uuid4

import orjson

from bench.clients.period import Period, spread
from bench.clients.socket import Socket

# How long the last deliveries may take after the last acknowledgement, in seconds.
DRAIN = 10
TEXT = "The quick brown fox jumps over the lazy dog, and nobody minds."


@dataclass
class Tally:
    """What all pairs together saw while it counted."""

    period: Period
    acknowledged: list[float] = field(default_factory=list)
    delivered: list[float] = field(default_factory=list)
    errors: list[Any] = field(default_factory=list)


class Pair:
    def __init__(self, tally: Tally, plan: dict[str, Any]) -> None:
        self.tally = tally
        self.plan = plan
        self.number = 0
        self.answered = 0
        self.acknowledged: set[int] = set()
        self.delivered: list[int] = []
        self.sent_at: dict[str, float] = {}

    async def open(self, senders_port: int, readers_port: int) -> None:
        self.reader = await Socket.open(readers_port, self.plan["reader"], self._hear_reader)
        self.sender = await Socket.open(senders_port, self.plan["sender"], self._hear_sender)

    def send(self, at: float | None = None) -> None:
        """`at`: when it should have been sent, if that is what its time is taken from."""
        self.number += 1
        key = str(uuid4())
        self.sent_at[key] = perf_counter() if at is None else at
        self.sender.say(
            "sendMessage",
            {"conversationId": self.plan["conversation"], "content": TEXT, "clientId": key},
            self.number,
        )

    def _hear_sender(self, text: bytes) -> None:
        now = perf_counter()
        if text.startswith((b'{"event":"messageSent"', b'{"event":"error"')):
            event = orjson.loads(text)
            self.answered += 1
            if event["event"] == "error":
                self.tally.errors.append(event["data"])
            else:
                self._note(event["data"], now)
            self.on_answer()

    def _note(self, message: dict[str, Any], now: float) -> None:
        self.acknowledged.add(message["seq"])
        if self.tally.period.includes(now):
            self.tally.acknowledged.append(now - self.sent_at[message["clientId"]])

    def on_answer(self) -> None:
        """Nothing, for who sends by the clock."""

    def _hear_reader(self, text: bytes) -> None:
        now = perf_counter()
        if not text.startswith(b'{"event":"newMessage"'):
            return
        message = orjson.loads(text)["data"]
        self.delivered.append(message["seq"])
        if self.tally.period.includes(now):
            self.tally.delivered.append(now - self.sent_at[message["clientId"]])

    @property
    def lost(self) -> int:
        return len(self.acknowledged.difference(self.delivered))

    @property
    def is_settled(self) -> bool:
        return self.answered == self.number and not self.lost

    def close(self) -> None:
        self.sender.close()
        self.reader.close()


async def open_all(pairs: list[Any], ports: list[list[int]]) -> None:
    """Each in turn on one of the pairs of ports: where the sender is, and where the reader is."""
    gate = asyncio.Semaphore(20)

    async def open_one(number: int, pair: Pair) -> None:
        async with gate:
            await pair.open(*ports[number % len(ports)])

    await asyncio.gather(*(open_one(number, pair) for number, pair in enumerate(pairs)))
    await asyncio.sleep(0.1)


async def settle(pairs: list[Any]) -> None:
    deadline = perf_counter() + DRAIN
    while not all(pair.is_settled for pair in pairs) and perf_counter() < deadline:
        await asyncio.sleep(0.1)
    for pair in pairs:
        pair.close()


def summary(tally: Tally, pairs: list[Any]) -> dict[str, Any]:
    length = tally.period.length
    return {
        **tally.period.summary(),
        "acknowledged_per_second": len(tally.acknowledged) / length,
        "delivered_per_second": len(tally.delivered) / length,
        "acknowledged_ms": spread(tally.acknowledged),
        "delivered_ms": spread(tally.delivered),
        "lost": sum(pair.lost for pair in pairs),
        "unanswered": sum(pair.number - pair.answered for pair in pairs),
        "disordered": sum(pair.delivered != sorted(pair.delivered) for pair in pairs),
        "errors": tally.errors[:3],
        "error_count": len(tally.errors),
    }
