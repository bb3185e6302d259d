"""Pages as a browser without script has them."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from accounts.models import User
from chatproject.events import MessageShape, NewMessageBody
from conversations.models import Participant
from conversations.services.conversations import create_group, get_or_create_direct
from conversations.services.messages import send_message


@pytest.fixture
def direct(alice, bob) -> Participant:
    place, _created = get_or_create_direct(actor=alice, target_user_id=bob.pk)
    return place


@pytest.fixture
def group(alice, bob, carol) -> Participant:
    return create_group(actor=alice, title="Lunch", member_ids=[bob.pk, carol.pk])


@pytest.fixture
def say() -> Callable[..., list[MessageShape]]:
    """`say(bob, place, "Hello", "there")` sends both and gives them."""

    def send(sender: User, place: Participant, *texts: str) -> list[MessageShape]:
        return [
            send_message(
                actor=sender,
                conversation_id=place.conversation_id,
                body=NewMessageBody(content=text, client_id=uuid4()),
            ).message
            for text in texts
        ]

    return send
