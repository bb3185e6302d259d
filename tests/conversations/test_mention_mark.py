"""The list says where somebody is mentioned: in a group, by name or by an answer, until it is read."""

import json
from pathlib import Path

import pytest

from conversations.models import Message
from conversations.services.hiding import delete_message_for_me
from conversations.services.listing import conversation_in_full
from conversations.services.members import leave
from conversations.services.mentions import mentions
from conversations.services.messages import delete_message, edit_message
from conversations.services.receipts import mark_read
from tests.conversations.steps import say

CASES = json.loads((Path(__file__).parent.parent / "mentions.json").read_text())


def is_marked(person, conversation_id) -> bool:
    return conversation_in_full(actor=person, conversation_id=conversation_id).has_mention


@pytest.mark.parametrize(("content", "is_meant"), CASES)
def test_a_name_behind_an_at_is_meant_as_in_the_browser(bob, content, is_meant):
    assert mentions(Message(content=content), bob) == is_meant


def test_who_is_named_is_marked_until_they_read_it(alice, bob, carol, team):
    say(alice, team, "Hello everybody")
    assert not is_marked(bob, team)
    say(alice, team, "Well, @bob?")
    say(alice, team, "I wait")
    assert is_marked(bob, team)
    assert not is_marked(carol, team) and not is_marked(alice, team)
    mark_read(actor=bob, conversation_id=team)
    assert not is_marked(bob, team)


def test_who_is_answered_is_marked(alice, bob, carol, team):
    question = say(bob, team, "When?")
    say(alice, team, "Now", reply_to_id=question.id)
    assert is_marked(bob, team)
    assert not is_marked(carol, team)


def test_who_is_named_no_more_is_not_marked(alice, bob, team):
    edited, deleted, hidden = (say(alice, team, f"@Bob, {number}") for number in range(3))
    edit_message(actor=alice, conversation_id=team, message_id=edited.id, content="Nobody")
    delete_message(actor=alice, conversation_id=team, message_id=deleted.id)
    assert is_marked(bob, team)
    delete_message_for_me(actor=bob, conversation_id=team, message_id=hidden.id)
    assert not is_marked(bob, team)


def test_what_is_said_after_leaving_marks_nobody(alice, bob, team):
    leave(actor=bob, conversation_id=team)
    say(alice, team, "@Bob is gone")
    assert not is_marked(bob, team)


def test_between_two_there_is_no_need_of_it(alice, bob, chat):
    say(alice, chat, "@Bob")
    assert not is_marked(bob, chat)
