"""The queue before the writer: bounded, and fair to those who hurry less."""

import pytest

from chatproject.errors import Unavailable
from chatproject.fair_queue import FairQueue

pytestmark = pytest.mark.once


def test_who_put_many_gets_one_turn_among_the_others() -> None:
    queue: FairQueue[str] = FairQueue(bound=100)
    for number in range(5):
        queue.put(1, f"hasty {number}")
    queue.put(2, "calm")
    queue.put(3, "late")
    assert queue.take(4) == ["hasty 0", "calm", "late", "hasty 1"]
    assert queue.take(10) == ["hasty 2", "hasty 3", "hasty 4"]


def test_over_the_bound_the_next_is_told_to_come_back() -> None:
    queue: FairQueue[int] = FairQueue(bound=2)
    queue.put(1, 1)
    queue.put(1, 2)
    with pytest.raises(Unavailable) as refusal:
        queue.put(2, 3)
    assert refusal.value.retry_after == 1
    queue.take(1)
    queue.put(2, 3)
    assert queue.take(10) == [2, 3]
