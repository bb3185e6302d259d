"""Robo, a bot of Acme, and what lets it in."""

from collections.abc import Callable

import pytest

from accounts.models import User
from accounts.scopes import Scope
from accounts.services.api_keys import create_api_key
from accounts.services.bots import create_bot
from accounts.throttling import Throttle
from conversations.models import Conversation
from conversations.services.conversations import create_group
from tests.contract_client import ContractClient


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
