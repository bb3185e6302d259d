"""History by seq: ascending, from either side or around a place, and never more than was shown."""

import pytest

from chatproject.errors import Invalid, NotFound
from chatproject.events import MessagesQuery
from conversations.services.history import page_of_messages
from conversations.services.members import add_members, leave
from tests.conversations.steps import refused, say


@pytest.fixture
def ten(alice, bob, chat) -> int:
    """The chat with ten messages, seq 1 to 10."""
    for number in range(10):
        say(alice if number % 2 else bob, chat, str(number + 1))
    return chat


def page(actor, conversation_id, **query):
    found = page_of_messages(
        actor=actor, conversation_id=conversation_id, query=MessagesQuery(**query)
    )
    return [one.seq for one in found.messages], found.has_older, found.has_newer


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, (range(1, 11), False, False)),
        ({"limit": 3}, (range(8, 11), True, False)),
        ({"limit": 10}, (range(1, 11), False, False)),
        ({"before": 8, "limit": 3}, (range(5, 8), True, True)),
        ({"before": 3, "limit": 3}, (range(1, 3), False, True)),
        ({"before": 1}, ((), False, True)),
        ({"before": 0}, ((), False, True)),
        ({"before": 11, "limit": 2}, (range(9, 11), True, False)),
        ({"before": 1000, "limit": 2}, (range(9, 11), True, False)),
        ({"after": 0, "limit": 3}, (range(1, 4), False, True)),
        ({"after": 4, "limit": 3}, (range(5, 8), True, True)),
        ({"after": 7, "limit": 3}, (range(8, 11), True, False)),
        ({"after": 10}, ((), True, False)),
        ({"after": 1000}, ((), True, False)),
        ({"around": 5, "limit": 4}, (range(4, 8), True, True)),
        ({"around": 1, "limit": 4}, (range(1, 4), False, True)),
        ({"around": 10, "limit": 4}, (range(9, 11), True, False)),
        ({"around": 5, "limit": 1}, ((5,), True, True)),
        ({"around": 1000, "limit": 4}, (range(9, 11), True, False)),
    ],
)
def test_a_page_is_what_was_asked_for(alice, ten, query, expected):
    seqs, has_older, has_newer = expected
    assert page(alice, ten, **query) == (list(seqs), has_older, has_newer)


def test_pages_in_either_direction_meet_without_gap_or_double(alice, ten):
    down: list[int] = []
    has_older, before = True, 11
    while has_older:
        seqs, has_older, _ = page(alice, ten, before=before, limit=3)
        down, before = seqs + down, seqs[0]
    up: list[int] = []
    has_newer, after = True, 0
    while has_newer:
        seqs, _, has_newer = page(alice, ten, after=after, limit=4)
        up, after = up + seqs, seqs[-1]
    assert down == up == list(range(1, 11))


@pytest.mark.parametrize(
    "query", [{"before": 1, "after": 1}, {"after": 1, "around": 0}, {"before": 0, "around": 0}]
)
def test_only_one_side_can_be_asked_for(alice, ten, query):
    with refused(Invalid):
        page(alice, ten, **query)


def test_an_empty_conversation_has_an_empty_page(alice, chat):
    assert page(alice, chat) == ([], False, False)


def test_what_was_said_in_absence_is_in_no_page(alice, bob, team):
    leave(actor=bob, conversation_id=team)
    for _ in range(5):
        say(alice, team, "Missed")
    add_members(actor=alice, conversation_id=team, user_ids=[bob.pk])
    say(alice, team, "Back")
    # 1 the group, 2 bob leaves, 3 to 7 without him, 8 he is back.
    assert page(bob, team) == ([1, 2, 8, 9], False, False)
    assert page(bob, team, after=2) == ([8, 9], True, False)
    assert page(bob, team, before=8, limit=1) == ([2], True, True)
    assert page(bob, team, around=5, limit=2) == ([2, 8], True, True)
    assert page(alice, team) == (list(range(1, 10)), False, False)


def test_history_ends_with_leaving(alice, bob, team):
    leave(actor=bob, conversation_id=team)
    say(alice, team, "After")
    assert page(bob, team) == ([1, 2], False, False)
    assert page(bob, team, after=0) == ([1, 2], False, False)
    assert page(bob, team, before=100) == ([1, 2], False, False)
    assert page(bob, team, around=3, limit=2) == ([2], True, False)


def test_outsiders_find_no_such_conversation(carol, mallory, ten, published):
    published.forget()
    for outsider in (carol, mallory):
        with refused(NotFound):
            page(outsider, ten)
    assert published.all == []
