"""A burst at once, then one at a time; the same whichever cache keeps count."""

import pytest
import time_machine
from django.test import override_settings

from chatproject.limits import Limit, take

pytestmark = pytest.mark.once


@pytest.fixture(params=["local", "redis"])
def kept(request):
    if request.param == "local":
        yield
        return
    location = request.getfixturevalue("redis_url")
    backend = {"BACKEND": "chatproject.cache.ForgivingRedisCache", "LOCATION": location}
    with override_settings(CACHES={"default": backend}):
        yield


def limit(rate: str, key: str, request: pytest.FixtureRequest) -> Limit:
    return Limit.of_rate(rate, key=f"{key}.{request.node.name}")


def test_a_burst_is_given_and_then_the_rate(kept, request):
    three = limit("3/min", "three", request)
    assert [take([three]) for _ in range(3)] == [0, 0, 0]
    assert 19 < take([three]) <= 20
    # Refusing took nothing.
    assert 19 < take([three]) <= 20


def test_what_one_limit_refuses_costs_nothing_of_another(kept, request):
    narrow, wide = limit("1/min", "narrow", request), limit("2/hour", "wide", request)
    assert take([wide, narrow]) == 0
    assert 59 < take([wide, narrow]) <= 60
    assert take([wide]) == 0
    assert 1700 < take([wide]) <= 1800


def test_nothing_limits_what_has_no_limit():
    assert take([]) == 0


def test_tokens_come_back_with_time(request):
    slow = limit("1/min", "slow", request)
    with time_machine.travel(0, tick=False) as clock:
        assert take([slow]) == 0
        clock.shift(59)
        assert take([slow]) == 1
        clock.shift(1)
        assert take([slow]) == 0
