"""How much, how fast: a burst at once, then a steady rate."""

from collections.abc import Callable
from time import monotonic


class TokenBucket:
    __slots__ = ("__weakref__", "_burst", "_clock", "_filled_at", "_rate", "_tokens")

    def __init__(
        self, *, rate: float, burst: float, clock: Callable[[], float] = monotonic
    ) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._tokens = burst
        self._filled_at = clock()

    def wait(self) -> float:
        """Seconds until there is a token; 0 if there is one now."""
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._filled_at) * self._rate)
        self._filled_at = now
        return max(0.0, (1 - self._tokens) / self._rate)

    def take(self) -> float:
        """Takes a token and returns 0; or takes none and returns how long to wait for one."""
        wait = self.wait()
        if not wait:
            self._tokens -= 1
        return wait
