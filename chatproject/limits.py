"""So often in so long, whichever process is asked: a token bucket for each key, kept by the cache.

What is kept of a bucket is the moment at which it will be full again. Asking costs one round trip, however
many limits a request is under and however high they are; and most requests need not ask.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache as remembered
from threading import Lock
from time import monotonic
from typing import Self, cast

from django.core.cache import caches
from rest_framework.throttling import SimpleRateThrottle

from chatproject.cache import Buckets

# How much of a bucket is taken in advance, how long it is good for, in seconds, and for how many keys.
HANDFUL = 1 / 60
HELD_FOR = 10
MAX_HELD = 10_000


@dataclass(frozen=True)
class Limit:
    key: str
    # In seconds: how long one token takes to come back, and all of them.
    interval: float
    period: float

    @property
    def handful(self) -> int:
        return max(1, round(self.period / self.interval * HANDFUL))

    @classmethod
    def of_rate(cls, rate: str, *, key: str) -> Self:
        number, period = parse_rate(rate)
        return cls(key, period / number, period)


def take(limits: Sequence[Limit]) -> float:
    """Takes a token of each and returns 0; or takes none and returns how long to wait for all of them."""
    return HAND.take(limits)


class Hand:
    """What this process has taken in advance: of each bucket a little at a time, if it is large.

    So most requests ask nobody, and several processes together still give no more than the limit. What is
    not used soon is lost, which at most makes a limit that much stricter.
    """

    def __init__(self) -> None:
        self._tokens: dict[Limit, tuple[int, float]] = {}
        self._lock = Lock()

    def take(self, limits: Sequence[Limit]) -> float:
        with self._lock:
            missing = [limit for limit in limits if not self._left(limit)]
        wait = self._fetch(missing)
        if not wait:
            with self._lock:
                for limit in limits:
                    self._spend(limit)
        return wait

    def _left(self, limit: Limit) -> int:
        tokens, ends = self._tokens.get(limit, (0, 0.0))
        return tokens if monotonic() < ends else 0

    def _spend(self, limit: Limit) -> None:
        """Two threads may spend the last token; the bucket is asked the sooner for it."""
        tokens, ends = self._tokens.get(limit, (0, 0.0))
        self._tokens[limit] = (tokens - 1, ends)

    def _fetch(self, limits: Sequence[Limit]) -> float:
        if not limits:
            return 0
        handfuls = {limit: limit.handful for limit in limits}
        wait = ask(handfuls)
        if wait and any(number > 1 for number in handfuls.values()):
            # The buckets are nearly empty: now every token counts.
            handfuls = dict.fromkeys(limits, 1)
            wait = ask(handfuls)
        if not wait:
            self._put(handfuls)
        return wait

    def _put(self, handfuls: Mapping[Limit, int]) -> None:
        ends = monotonic() + HELD_FOR
        with self._lock:
            if len(self._tokens) > MAX_HELD:
                self._tokens.clear()
            for limit, number in handfuls.items():
                self._tokens[limit] = (number, ends)


HAND = Hand()


def ask(handfuls: Mapping[Limit, int]) -> float:
    buckets = cast(Buckets, caches["default"])
    return buckets.take(
        [(limit.key, limit.interval * number, limit.period) for limit, number in handfuls.items()]
    )


@remembered
def parse_rate(rate: str) -> tuple[int, int]:
    """As DRF writes rates: 600/min."""
    parsed = SimpleRateThrottle.parse_rate(cast(SimpleRateThrottle, None), rate)
    return cast(tuple[int, int], parsed)
