"""So many messages a second come, whether or not the server keeps up, as the world's do.

Times are taken from the moment at which a message *should* have been sent: a server (or this client) that
stalls for a second makes each message of that second late, and each is counted as that late. Who waits for an
answer before asking again never sees that (coordinated omission).
"""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import Any

from bench.clients.pairs import Pair, Tally, open_all, settle, summary
from bench.clients.period import Period


async def run(plan: dict[str, Any]) -> dict[str, Any]:
    """`pairs`, `ports`, `rate`, `warm_up`, `seconds`."""
    tally = Tally(Period(plan["warm_up"], plan["seconds"]))
    pairs = [Pair(tally, each) for each in plan["pairs"]]
    await open_all(pairs, plan["ports"])
    sending = asyncio.create_task(send_by_the_clock(pairs, plan["rate"], tally.period))
    await tally.period.pass_by()
    await sending
    await settle(pairs)
    return {"rate": plan["rate"], **summary(tally, pairs)}


async def send_by_the_clock(pairs: list[Pair], rate: float, period: Period) -> None:
    start, sent = perf_counter(), 0
    while not period.is_over:
        due = int((perf_counter() - start) * rate)
        for number in range(sent, due):
            pairs[number % len(pairs)].send(at=start + number / rate)
        sent = max(sent, due)
        # To the moment of the next one, but no finer than timers are.
        await asyncio.sleep(max(0.001, start + (sent + 1) / rate - perf_counter()))
