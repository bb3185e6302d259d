from __future__ import annotations

import random

FIRST = 1.0
LONGEST = 30.0


def delay(attempt: int) -> float:
    """Seconds before the next attempt: doubling, and scattered, so that a restart is not a stampede."""
    longest = min(FIRST * 2.0**attempt, LONGEST)
    return longest / 2 + random.random() * longest / 2
