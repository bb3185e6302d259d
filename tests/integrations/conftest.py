"""Robo, a bot of Acme, and what lets it in."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from accounts.scopes import Scope
from accounts.services.api_keys import create_api_key
from accounts.services.bots import create_bot
from accounts.throttling import Throttle
from conversations.models import Conversation
from conversations.services.conversations import create_group
from integrations.models import WebhookEndpoint, WebhookEvent
from integrations.services.endpoints import create_endpoint
from integrations.teller import work
from tests.contract_client import ContractClient
from tests.integrations.receiver import Receiver
from tests.notifications.push_service import PushService, push_service


@pytest.fixture
def robo(alice: User) -> User:
    return create_bot(actor=alice, display_name="Robo", about="Tells of builds")


@pytest.fixture
def builds(alice: User, bob: User, robo: User) -> Conversation:
    """A group of Alice, Bob and Robo."""
    place = create_group(actor=alice, title="Builds", member_ids=[bob.pk, robo.pk])
    return place.conversation


@pytest.fixture
def program(alice: User, robo: User) -> Callable[..., ContractClient]:
    """`program("messages:read")` is a program with a key of Robo that has these scopes; without: all."""

    def made(*scopes: str) -> ContractClient:
        _key, secret = create_api_key(
            actor=alice, bot=robo, name="Program", scopes=scopes or Scope.values
        )
        client = ContractClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
        return client

    return made


@pytest.fixture
def no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A 429 would hide what is looked for."""
    monkeypatch.setattr(Throttle, "rates", dict.fromkeys(Throttle.rates, "100000/min"))


# --- Receivers of webhooks ---------------------------------------------------------------------


@pytest.fixture(scope="session")
def receiver_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("receiver")


@pytest.fixture(scope="session")
def running_server(receiver_directory: Path) -> Iterator[PushService]:
    with push_service(receiver_directory) as server:
        yield server


@pytest.fixture
def server(
    running_server: PushService,
    receiver_directory: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> PushService:
    """A server of the intranet, which this one trusts and may call."""
    settings.PUSH_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    monkeypatch.setenv("SSL_CERT_FILE", str(receiver_directory / "ca.pem"))
    running_server.forget()
    return running_server


@pytest.fixture
def receiver(server: PushService) -> Receiver:
    return Receiver(server)


@pytest.fixture
def endpoint(alice: User, robo: User, receiver: Receiver) -> tuple[WebhookEndpoint, str]:
    """Robo's, for everything there is; and its secret."""
    return create_endpoint(
        actor=alice, bot=robo, name="Builds", url=receiver.url, events=WebhookEvent.values
    )


@pytest.fixture
def tell() -> Callable[[], None]:
    """What a worker does until nothing is due."""

    def rounds() -> None:
        while work():
            pass

    return rounds
