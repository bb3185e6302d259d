from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests import servers

RedisServer = Callable[[], AbstractContextManager[servers.Process]]


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    with servers.redis() as url:
        yield url


@pytest.fixture
def mortal_redis(tmp_path: Path) -> tuple[str, RedisServer]:
    """An address, and what starts a server there: as often as the test likes."""
    port = servers.free_port()

    def start() -> AbstractContextManager[servers.Process]:
        return servers.process(
            ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "",
             "--dir", str(tmp_path)],
            log=tmp_path / "redis.log",
        )  # fmt: skip

    return f"redis://127.0.0.1:{port}/0", start
