"""Closed loop: everybody sends, waits for the acknowledgement, and sends again. Prints JSON.

python -m bench.load PAIRS_FILE SENDERS SENDERS_PORT READERS_PORT WARM_UP SECONDS

Each sender writes to one reader, whose socket is on the other port. Times are taken in this one process, so
that one clock counts: acknowledged (stored, committed), and delivered (in the reader's hands).
"""

from __future__ import annotations

import asyncio
import gc
import json
import resource
import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any
from uuid import uuid4

from bench.client import Socket

# How long the last deliveries may take after the last acknowledgement, in seconds.
DRAIN = 10
TEXT = "The quick brown fox jumps over the lazy dog, and nobody minds."


@dataclass
class Clock:
    """What happened between `begin` and `end`."""

    begin: float = float("inf")
    end: float = float("inf")
    acknowledged: list[float] = field(default_factory=list)
    delivered: list[float] = field(default_factory=list)
    errors: list[Any] = field(default_factory=list)

    def counts(self, now: float) -> bool:
        return self.begin <= now < self.end


class Sender:
    def __init__(self, clock: Clock, pair: dict[str, Any]) -> None:
        self.clock = clock
        self.pair = pair
        self.number = 0
        self.acknowledged: set[int] = set()
        self.delivered: list[int] = []
        self.sent_at: dict[str, float] = {}

    async def open(self, senders_port: int, readers_port: int) -> None:
        self.reader = await Socket.open(readers_port, self.pair["reader"], self._hear_reader)
        self.socket = await Socket.open(senders_port, self.pair["sender"], self._hear)

    def send(self) -> None:
        self.number += 1
        key = str(uuid4())
        self.sent_at[key] = perf_counter()
        self.socket.say(
            "sendMessage",
            {"conversationId": self.pair["conversation"], "content": TEXT, "clientId": key},
            self.number,
        )

    def _hear(self, event: dict[str, Any]) -> None:
        now = perf_counter()
        if event["event"] == "messageSent":
            self.acknowledged.add(event["data"]["seq"])
            if self.clock.counts(now):
                self.clock.acknowledged.append(now - self.sent_at[event["data"]["clientId"]])
        elif event["event"] == "error":
            self.clock.errors.append(event["data"])
        else:
            return
        if now < self.clock.end:
            self.send()

    def _hear_reader(self, event: dict[str, Any]) -> None:
        now = perf_counter()
        if event["event"] != "newMessage":
            return
        self.delivered.append(event["data"]["seq"])
        if self.clock.counts(now):
            self.clock.delivered.append(now - self.sent_at[event["data"]["clientId"]])

    @property
    def is_complete(self) -> bool:
        return self.acknowledged <= set(self.delivered)


async def measure(arguments: list[str]) -> dict[str, Any]:
    pairs = json.loads(Path(arguments[0]).read_text())
    count, senders_port, readers_port = map(int, arguments[1:4])
    warm_up, seconds = map(float, arguments[4:6])
    clock = Clock()
    senders = [Sender(clock, pair) for pair in pairs[:count]]
    for sender in senders:
        await sender.open(senders_port, readers_port)
    await asyncio.sleep(0.5)
    gc.freeze()
    gc.disable()
    print("ready", flush=True)
    for sender in senders:
        sender.send()
    await asyncio.sleep(warm_up)
    print("begin", flush=True)
    cpu = cpu_time()
    clock.begin = perf_counter()
    clock.end = clock.begin + seconds
    await asyncio.sleep(seconds)
    cpu = cpu_time() - cpu
    print("end", flush=True)
    await drained(senders)
    for sender in senders:
        sender.socket.close()
        sender.reader.close()
    return {
        "acknowledged_per_second": len(clock.acknowledged) / seconds,
        "delivered_per_second": len(clock.delivered) / seconds,
        "acknowledged_ms": spread(clock.acknowledged),
        "delivered_ms": spread(clock.delivered),
        "lost": sum(len(one.acknowledged - set(one.delivered)) for one in senders),
        "disordered": sum(one.delivered != sorted(one.delivered) for one in senders),
        "errors": clock.errors[:3],
        "client_cpu": cpu / seconds,
    }


async def drained(senders: list[Sender]) -> None:
    deadline = perf_counter() + DRAIN
    await asyncio.sleep(0.3)
    while not all(sender.is_complete for sender in senders) and perf_counter() < deadline:
        await asyncio.sleep(0.1)


def spread(times: list[float]) -> dict[str, float]:
    if len(times) < 2:
        return {}
    cuts = quantiles(times, n=100)
    return {"median": cuts[49] * 1000, "p99": cuts[98] * 1000}


def cpu_time() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure(sys.argv[1:]))))
