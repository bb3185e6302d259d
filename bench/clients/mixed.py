"""Everything at once: pairs who write, readers who mark as read what they get, and requests for pages."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson

from bench.clients.closed_loop import Insatiable
from bench.clients.pairs import Tally, open_all, settle, summary
from bench.clients.period import Period
from bench.clients.requests import Requests


class Talker(Insatiable):
    def _hear_reader(self, text: bytes) -> None:
        super()._hear_reader(text)
        if text.startswith(b'{"event":"newMessage"'):
            place = {"conversationId": self.plan["conversation"]}
            self.reader.say("markMessagesAsRead", place, len(self.delivered))
        elif text.startswith(b'{"event":"error"'):
            self.tally.errors.append(orjson.loads(text)["data"])


async def run(plan: dict[str, Any]) -> dict[str, Any]:
    """What closed_loop and requests take, together."""
    tally = Tally(Period(plan["warm_up"], plan["seconds"]))
    pairs = [Talker(tally, each) for each in plan["pairs"]]
    requests = Requests(plan, tally.period)
    await open_all(pairs, plan["ports"])
    for pair in pairs:
        pair.send()
    async with asyncio.TaskGroup() as group:
        group.create_task(tally.period.pass_by())
        for _ in range(plan["clients"]):
            group.create_task(requests.repeat())
    await settle(pairs)
    return {"pages": requests.summary(), **summary(tally, pairs)}
