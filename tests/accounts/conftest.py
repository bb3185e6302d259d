from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from tests import servers
from tests.cast import PASSWORD

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


@pytest.fixture
def anonymous() -> APIClient:
    return APIClient()


@pytest.fixture
def browser() -> Callable[[User], Client]:
    """`browser(alice)` is a browser on which Alice has signed in by the page."""

    def signed_in(user: User) -> Client:
        client = Client()
        answer = client.post("/sign-in", {"email": user.email, "password": PASSWORD})
        assert answer.status_code == 302, answer.content
        return client

    return signed_in


@pytest.fixture
def sign_in(anonymous) -> Callable[[User], dict[str, str]]:
    """`sign_in(alice)` gives the token pair of a new device."""

    def tokens(user: User) -> dict[str, str]:
        answer = anonymous.post("/api/auth/token", {"email": user.email, "password": PASSWORD})
        assert answer.status_code == 200, answer.content
        pair: dict[str, str] = answer.json()
        return pair

    return tokens


@pytest.fixture
def bearing() -> Callable[[str], APIClient]:
    """A client that bears this access token."""

    def client(token: str) -> APIClient:
        bearer = APIClient()
        bearer.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return bearer

    return client


def code(answer: Any) -> str:
    """The code of the one error that an answer tells."""
    [error] = answer.json()["errors"]
    return str(error["code"])
