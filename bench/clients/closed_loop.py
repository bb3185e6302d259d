"""Everybody sends, waits for the acknowledgement, and sends again."""

from __future__ import annotations

from typing import Any

from bench.clients.pairs import Pair, Tally, open_all, settle, summary
from bench.clients.period import Period


class Insatiable(Pair):
    def on_answer(self) -> None:
        if not self.tally.period.is_over:
            self.send()


async def run(plan: dict[str, Any]) -> dict[str, Any]:
    """`pairs`, `ports` (of senders, of readers), `warm_up`, `seconds`."""
    tally = Tally(Period(plan["warm_up"], plan["seconds"]))
    pairs = [Insatiable(tally, each) for each in plan["pairs"]]
    await open_all(pairs, plan["ports"])
    for pair in pairs:
        pair.send()
    await tally.period.pass_by()
    await settle(pairs)
    return summary(tally, pairs)
