import pytest

from accounts.models import User
from conversations.services.conversations import create_group, get_or_create_direct


@pytest.fixture
def chat(alice: User, bob: User) -> int:
    """The id of the direct conversation of alice and bob."""
    place, _created = get_or_create_direct(actor=alice, target_user_id=bob.pk)
    return place.conversation_id


@pytest.fixture
def team(alice: User, bob: User, carol: User) -> int:
    """The id of a group that alice manages, with bob and carol in it."""
    place = create_group(actor=alice, title="Team", member_ids=[bob.pk, carol.pk])
    return place.conversation_id
