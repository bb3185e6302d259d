"""Somebody comes back: connects, and asks `sync` until nothing is missing."""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import Any

import orjson

from bench.clients.period import Period, spread
from bench.clients.socket import Socket


async def run(plan: dict[str, Any]) -> dict[str, Any]:
    """`people` (tokens), `conversation`, `port`, `missed`."""
    period = Period(0, 0)
    await period.pass_by()
    returns = [await come_back(plan["port"], one) for one in plan["people"]]
    return {
        "times": [one.took for one in returns],
        "pages": returns[0].pages,
        "all_ms": spread([one.took for one in returns]),
        "missing": sum(one.seqs != list(range(1, plan["missed"] + 1)) for one in returns),
    }


class Return:
    def __init__(self, conversation: int) -> None:
        self.held = {str(conversation): 0}
        self.seqs: list[int] = []
        self.pages = 0
        self.answers: asyncio.Queue[bytes] = asyncio.Queue()
        self.took = 0.0

    def hear(self, text: bytes) -> None:
        if not text.startswith(b'{"event":"connected"'):
            self.answers.put_nowait(text)

    async def ask(self, socket: Socket) -> bool:
        """Whether there is more."""
        socket.say("sync", {"conversations": self.held}, self.pages)
        page = await self.answer()
        self.pages += 1
        for one in page["conversations"]:
            self.held[str(one["conversation"]["id"])] = one["version"]
            self.seqs += [message["seq"] for message in one["messages"]]
        return bool(page["limited"])

    async def answer(self) -> dict[str, Any]:
        while True:
            event = orjson.loads(await self.answers.get())
            if event["event"] == "error":
                raise RuntimeError(event)
            if event["event"] == "syncResult":
                page: dict[str, Any] = event["data"]
                return page


async def come_back(port: int, plan: dict[str, Any]) -> Return:
    begin = perf_counter()
    one = Return(plan["conversation"])
    socket = await Socket.open(port, plan["token"], one.hear)
    while await one.ask(socket):
        pass
    one.took = perf_counter() - begin
    socket.close()
    return one
