"""Many sockets that do nothing but answer pings."""

from __future__ import annotations

import asyncio
from typing import Any

from bench.clients.crowd import hear_nothing, open_crowd
from bench.clients.period import Period


async def run(plan: dict[str, Any]) -> dict[str, Any]:
    """`people`, `port`, `warm_up` (until what arriving caused is over), `seconds`."""
    period = Period(plan["warm_up"], plan["seconds"])
    sockets = await open_crowd(plan["people"], plan["port"], lambda _number: hear_nothing)
    await period.pass_by()
    lost = sum(socket.is_lost for socket in sockets)
    for number, socket in enumerate(sockets):
        socket.close()
        if number % 100 == 0:
            await asyncio.sleep(0)
    return {**period.summary(), "sockets": len(sockets), "lost": lost}
