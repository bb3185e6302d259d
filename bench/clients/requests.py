"""So many clients ask, wait for the answer, and ask again; each time for the next one on the list."""

from __future__ import annotations

import asyncio
from collections import Counter
from itertools import cycle
from time import perf_counter
from typing import Any
from uuid import uuid4

import orjson

from bench.clients.http import Connection
from bench.clients.period import Period, spread


class Requests:
    def __init__(self, plan: dict[str, Any], period: Period) -> None:
        self.period = period
        self.port: int = plan["port"]
        self.next = cycle(plan["requests"])
        self.times: list[float] = []
        self.statuses: Counter[int] = Counter()
        self.unexpected: list[str] = []

    async def repeat(self) -> None:
        connection = await Connection.open(self.port)
        while not self.period.is_over:
            begin = perf_counter()
            status, body = await self._ask(connection, next(self.next))
            now = perf_counter()
            self.statuses[status] += 1
            if status >= 400:
                self.unexpected.append(body[:200].decode(errors="replace"))
            if self.period.includes(now):
                self.times.append(now - begin)
        connection.close()

    async def _ask(self, connection: Connection, request: dict[str, Any]) -> tuple[int, bytes]:
        body = b""
        if content := request.get("content"):
            body = orjson.dumps({"content": content, "clientId": str(uuid4())})
        method = "POST" if body else "GET"
        return await connection.ask(method, request["path"], request["token"], body)

    def summary(self) -> dict[str, Any]:
        return {
            "requests_per_second": len(self.times) / self.period.length,
            "answered_ms": spread(self.times),
            "statuses": self.statuses,
            "errors": self.unexpected[:3],
            "error_count": len(self.unexpected),
        }


async def run(plan: dict[str, Any]) -> dict[str, Any]:
    """`port`, `clients`, `requests` (path, token, content of a POST), `warm_up`, `seconds`."""
    period = Period(plan["warm_up"], plan["seconds"])
    requests = Requests(plan, period)
    async with asyncio.TaskGroup() as group:
        group.create_task(period.pass_by())
        for _ in range(plan["clients"]):
            group.create_task(requests.repeat())
    return {**period.summary(), **requests.summary()}
