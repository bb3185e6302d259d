"""In some groups only administrators post: by whichever way a message comes."""

import pytest

from chatproject.errors import Forbidden
from chatproject.events import GroupBody
from conversations.services.groups import change_group
from conversations.services.listing import conversation_in_full
from conversations.services.members import change_role
from conversations.services.typing import announce_typing
from tests.conversations.steps import nothing_happens, refused, say


@pytest.fixture
def notices(alice, team) -> int:
    """Where alice, its administrator, alone posts."""
    change_group(actor=alice, conversation_id=team, changes=GroupBody(who_may_post="admins"))
    return team


def can_post(actor, conversation_id):
    return conversation_in_full(actor=actor, conversation_id=conversation_id).can_post


def test_administrators_post(alice, bob, notices):
    assert say(alice, notices).seq == 3
    assert (can_post(alice, notices), can_post(bob, notices)) == (True, False)


def test_members_post_nothing_and_type_nothing(bob, notices, published):
    with nothing_happens(published, notices), refused(Forbidden, "only_admins"):
        say(bob, notices)
    with nothing_happens(published, notices), refused(Forbidden):
        announce_typing(actor=bob, conversation_id=notices, is_typing=True, kind="text")


def test_whoever_becomes_an_administrator_may(alice, bob, notices):
    change_role(actor=alice, conversation_id=notices, user_id=bob.pk, role="admin")
    assert can_post(bob, notices)
    say(bob, notices)


def test_everybody_may_again(alice, bob, notices):
    change_group(actor=alice, conversation_id=notices, changes=GroupBody(who_may_post="everyone"))
    assert can_post(bob, notices)
    say(bob, notices)


def test_by_rest(api, bob, notices):
    answer = api(bob).post(f"/api/chat/conversations/{notices}/messages", {"content": "Hello"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "only_admins")
