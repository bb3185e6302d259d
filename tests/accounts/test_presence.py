import os
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from redis import Redis

from accounts import presence
from accounts.presence.memory import MemoryPresence
from accounts.presence.redis import RedisPresence
from accounts.presence.store import PresenceStore, State
from accounts.services.presence import store_last_seen
from tests import servers

pytestmark = pytest.mark.once

ALICE, BOB = 1, 2
SHORT_LEASE = 0.3


@pytest.fixture(params=["memory", "redis"])
def store(request) -> PresenceStore:
    if request.param == "memory":
        return MemoryPresence()
    url = request.getfixturevalue("redis_url")
    Redis.from_url(url).flushall()
    return RedisPresence(url)


@pytest.fixture
def process(redis_url) -> Iterator[Callable[[], RedisPresence]]:
    """Each call is another server process with a short lease."""
    Redis.from_url(redis_url).flushall()
    yield lambda: RedisPresence(redis_url, lease=SHORT_LEASE)


def is_online(store: PresenceStore, user_id: int) -> bool:
    return store.states_of([user_id])[user_id] != State.OFFLINE


def test_somebody_is_online_from_the_first_device_to_the_last(store):
    assert store.states_of([ALICE, BOB]) == {ALICE: State.OFFLINE, BOB: State.OFFLINE}
    assert store.connect(ALICE, "phone", State.ACTIVE).came_online
    assert not store.connect(ALICE, "laptop", State.ACTIVE).came_online
    assert not store.disconnect("phone").went_offline
    assert store.states_of([ALICE, BOB]) == {ALICE: State.ACTIVE, BOB: State.OFFLINE}
    assert store.disconnect("laptop").went_offline
    assert not is_online(store, ALICE)


def test_idle_only_when_every_device_is_idle(store):
    store.connect(ALICE, "phone", State.ACTIVE)
    store.connect(ALICE, "laptop", State.ACTIVE)
    assert store.set_state("phone", State.IDLE).after == State.ACTIVE
    assert store.set_state("laptop", State.IDLE).after == State.IDLE
    change = store.set_state("phone", State.ACTIVE)
    assert (change.before, change.after) == (State.IDLE, State.ACTIVE)
    assert not change.came_online


def test_a_goodbye_twice_or_of_a_stranger_changes_nothing(store):
    store.connect(ALICE, "phone", State.ACTIVE)
    assert store.disconnect("unknown") is None
    assert store.set_state("unknown", State.IDLE) is None
    store.disconnect("phone")
    assert store.disconnect("phone") is None


def test_who_is_back_before_the_farewell_never_went(store):
    store.connect(ALICE, "phone", State.ACTIVE)
    store.connect(BOB, "phone of bob", State.ACTIVE)
    assert store.disconnect("phone").went_offline
    assert store.disconnect("phone of bob").went_offline
    assert store.farewells(60) == set()
    assert not store.connect(ALICE, "laptop", State.ACTIVE).came_online
    assert store.farewells(0) == {BOB}
    assert store.farewells(0) == set()
    assert store.connect(BOB, "laptop of bob", State.ACTIVE).came_online


def test_a_process_that_stops_takes_its_people_along(store):
    store.connect(ALICE, "phone", State.ACTIVE)
    store.connect(BOB, "phone of bob", State.IDLE)
    assert store.leave() == {ALICE, BOB}
    assert not is_online(store, ALICE)


def test_a_heartbeat_of_a_sound_process_brings_nobody_back(store):
    store.connect(ALICE, "phone", State.ACTIVE)
    store.heartbeat()
    assert store.heartbeat() == set()
    assert store.sweep() == set()
    assert is_online(store, ALICE)


def test_processes_see_each_others_people(process):
    here, there = process(), process()
    here.connect(ALICE, "phone", State.ACTIVE)
    assert is_online(there, ALICE)
    assert not there.connect(ALICE, "laptop", State.ACTIVE).came_online
    assert not here.leave()
    assert is_online(here, ALICE)


def test_who_left_is_seen_off_by_exactly_one_process(process):
    dead, stopped, first, second = (process() for _ in range(4))
    dead.connect(ALICE, "phone", State.ACTIVE)
    dead.disconnect("phone")
    stopped.connect(BOB, "phone of bob", State.ACTIVE)
    first.connect(3, "somebody else", State.ACTIVE)
    assert stopped.leave() == {BOB}
    assert first.farewells(60) == set()
    assert (first.farewells(0), second.farewells(0)) == ({ALICE, BOB}, set())


def test_the_last_process_leaves_nobody_to_be_seen_off(process):
    only = process()
    only.connect(ALICE, "phone", State.ACTIVE)
    only.connect(BOB, "phone of bob", State.ACTIVE)
    only.disconnect("phone")
    assert only.leave() == {ALICE, BOB}
    assert process().farewells(0) == set()


def test_a_killed_process_is_swept_by_exactly_one_other(process):
    dead, first, second = process(), process(), process()
    dead.connect(ALICE, "phone", State.ACTIVE)
    dead.connect(BOB, "phone of bob", State.ACTIVE)
    time.sleep(SHORT_LEASE)
    first.connect(BOB, "laptop of bob", State.ACTIVE)
    assert not is_online(first, ALICE)
    assert (first.sweep(), second.sweep()) == ({ALICE}, set())
    assert is_online(second, BOB)


SERVER_PROCESS = """
import sys, time
from accounts.presence.redis import RedisPresence
from accounts.presence.store import State
store = RedisPresence(sys.argv[1], lease=1)
store.connect(1, "phone", State.ACTIVE)
while True:
    store.heartbeat()
    time.sleep(0.2)
"""


def test_nobody_stays_online_in_a_process_that_was_killed(process, redis_url, tmp_path):
    survivor = process()
    program = f"import django; django.setup()\n{SERVER_PROCESS}"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "chatproject.settings",
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    command = [sys.executable, "-c", program, redis_url]
    with servers.process(command, log=tmp_path / "log", environment=environment) as server:
        wait_until(lambda: is_online(survivor, ALICE))
        time.sleep(1.5)
        assert survivor.sweep() == set()
        assert is_online(survivor, ALICE)
        server.popen.kill()
        wait_until(lambda: survivor.sweep() == {ALICE})
    assert not is_online(survivor, ALICE)


def test_a_frozen_process_that_was_swept_comes_back_with_its_people(process):
    frozen, other = process(), process()
    frozen.connect(ALICE, "phone", State.IDLE)
    frozen.heartbeat()
    time.sleep(SHORT_LEASE)
    assert other.sweep() == {ALICE}
    assert frozen.heartbeat() == {ALICE}
    assert other.states_of([ALICE]) == {ALICE: State.IDLE}
    assert frozen.disconnect("phone").went_offline


def test_what_redis_lost_is_put_back_at_the_next_beat(process, redis_url):
    here, there = process(), process()
    here.connect(ALICE, "phone", State.ACTIVE)
    here.connect(ALICE, "laptop", State.ACTIVE)
    here.heartbeat()
    Redis.from_url(redis_url).flushall()
    here.connect(BOB, "phone of bob", State.ACTIVE)
    assert is_online(there, BOB)
    assert not is_online(there, ALICE)
    assert here.heartbeat() == {ALICE}
    assert not here.disconnect("phone").went_offline
    assert is_online(there, ALICE)


def test_nothing_is_left_behind(process, redis_url):
    here = process()
    here.connect(ALICE, "phone", State.ACTIVE)
    here.heartbeat()
    here.disconnect("phone")
    here.leave()
    assert Redis.from_url(redis_url).keys("*") == []


def test_without_redis_nobody_stumbles_and_its_return_heals(mortal_redis, caplog):
    url, start = mortal_redis
    here, there = RedisPresence(url), RedisPresence(url)
    assert here.connect(ALICE, "phone", State.ACTIVE).came_online
    assert is_online(here, ALICE)
    assert not is_online(there, ALICE)
    assert (here.heartbeat(), here.sweep()) == (set(), set())
    assert "without Redis" in caplog.text
    with start():
        wait_until(lambda: here.heartbeat() == {ALICE})
        wait_until(lambda: is_online(there, ALICE))
        here.connect(BOB, "phone of bob", State.ACTIVE)
    assert here.disconnect("phone").went_offline
    assert here.farewells(0) == {ALICE}
    with start():
        wait_until(lambda: here.heartbeat() == {BOB})
        wait_until(lambda: is_online(there, BOB))
        assert not is_online(there, ALICE)


def test_a_redis_that_hangs_costs_one_timeout_not_one_each(process, redis_url):
    here = process()
    here.connect(ALICE, "phone", State.ACTIVE)
    Redis.from_url(redis_url).client_pause(timeout=4500)
    begin = time.monotonic()
    for number in range(100):
        here.connect(BOB, str(number), State.ACTIVE)
    assert time.monotonic() - begin < 10
    wait_until(lambda: here.heartbeat() == {BOB})


def test_status_tells_last_seen_in_one_query(alice, bob, django_assert_num_queries):
    store_last_seen(user_ids=[alice.pk])
    alice.refresh_from_db()
    presence.connect(user_id=bob.pk, connection_id="b", state=State.IDLE)
    with django_assert_num_queries(1):
        status = presence.status_of([alice.pk, bob.pk])
    presence.disconnect(connection_id="b")
    assert status == {
        alice.pk: presence.Presence(False, False, alice.last_seen_at),
        bob.pk: presence.Presence(True, True, None),
    }


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + servers.START_TIMEOUT
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)
