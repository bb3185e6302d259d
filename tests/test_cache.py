import time

import pytest
from django.core.cache import cache, caches
from django.test import override_settings
from redis import Redis

from accounts.models import Session
from tests import servers
from tests.cast import PASSWORD

pytestmark = pytest.mark.once


@pytest.fixture
def redis_cache(tmp_path):
    """The production profile's cache, at an address where a server may be started and stopped."""
    port = servers.free_port()

    def start():
        return servers.process(
            ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""],
            log=tmp_path / "redis.log",
        )

    location = {
        "BACKEND": "chatproject.cache.ForgivingRedisCache",
        "LOCATION": f"redis://127.0.0.1:{port}/0",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
    with override_settings(CACHES={"default": location}):
        yield start


def test_it_remembers_forgets_and_remembers_again(redis_cache):
    with redis_cache():
        wait_until(lambda: remembered("a"))
        cache.set("count", 1)
        assert cache.incr("count") == 2
        assert cache.get_many(["a", "count"]) == {"a": "a", "count": 2}
    assert cache.get("a", "nothing") == "nothing"
    assert cache.get_many(["a"]) == {}
    assert cache.add("a", 1)
    cache.set_many({"a": 1})
    cache.delete_many(["a"])
    assert not cache.delete("a")
    assert not cache.has_key("a")
    with redis_cache():
        wait_until(lambda: remembered("b"))


def test_without_it_people_sign_in_and_stay_signed_in(redis_cache, alice, client):
    given = {"email": alice.email, "password": PASSWORD}
    begin = time.monotonic()
    assert client.post("/sign-in", given).status_code == 302
    assert client.get("/settings/profile").status_code == 200
    assert client.post("/api/auth/token", given, "application/json").status_code == 200
    assert time.monotonic() - begin < 5
    assert Session.objects.live().count() == 2


def test_one_pool_serves_all_threads(redis_cache, settings):
    """Django makes a cache object for each of them."""
    with redis_cache():
        wait_until(lambda: remembered("a"))
        for _ in range(10):
            assert caches.create_connection("default").get("a") == "a"
        watcher = Redis.from_url(settings.CACHES["default"]["LOCATION"])
        assert len(watcher.client_list()) <= 2


def remembered(key: str) -> bool:
    cache.set(key, key)
    return cache.get(key) == key


def wait_until(condition) -> None:
    deadline = time.monotonic() + servers.START_TIMEOUT
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)
