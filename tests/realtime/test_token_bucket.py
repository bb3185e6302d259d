"""A burst at once, then a steady rate."""

import pytest

from chatproject.token_bucket import TokenBucket

pytestmark = pytest.mark.once


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_passes_and_then_one_by_one() -> None:
    clock = Clock()
    bucket = TokenBucket(rate=10, burst=3, clock=clock)
    assert [bucket.take() for _ in range(3)] == [0, 0, 0]
    assert bucket.take() == pytest.approx(0.1)
    clock.now += 0.1
    assert bucket.wait() == pytest.approx(0, abs=1e-9)
    clock.now += 0.01
    assert bucket.take() == 0
    assert bucket.take() > 0


def test_it_never_holds_more_than_the_burst() -> None:
    clock = Clock()
    bucket = TokenBucket(rate=10, burst=3, clock=clock)
    clock.now += 3600
    assert [bucket.take() > 0 for _ in range(4)] == [False, False, False, True]


def test_asking_takes_nothing() -> None:
    bucket = TokenBucket(rate=10, burst=1, clock=Clock())
    assert [bucket.wait() for _ in range(5)] == [0] * 5
    assert bucket.take() == 0
