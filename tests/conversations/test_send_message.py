"""Sending: once, in order, told to everybody concerned, refused with a name."""

from uuid import uuid4

import pytest

from chatproject.errors import Conflict, Forbidden, Invalid, NotFound
from chatproject.events import NewMessageBody
from conversations.models import Message
from conversations.services.conversations import create_group, get_or_create_direct
from conversations.services.members import remove_member
from conversations.services.messages import send_message


def say(actor, conversation_id, content="Hello", **fields):
    body = NewMessageBody(content=content, **fields)
    return send_message(actor=actor, conversation_id=conversation_id, body=body)


@pytest.fixture
def chat(alice, bob) -> int:
    place, _created = get_or_create_direct(actor=alice, target_user_id=bob.pk)
    return place.conversation_id


def test_a_message_gets_the_next_seq_and_reaches_both(alice, bob, chat, published):
    first, second = say(alice, chat).message, say(bob, chat, "Hi!").message
    assert (first.seq, second.seq) == (1, 2)
    assert first.version < second.version
    created = [(event, to) for event, to in published.all if event.name == "newMessage"]
    assert [to for _event, to in created] == [[alice.pk, bob.pk]] * 2
    assert created[0][0].content == "Hello"


def test_a_repeat_answers_with_the_first_result_and_tells_nobody(alice, chat, published):
    key = uuid4()
    first = say(alice, chat, client_id=key)
    published.forget()
    again = say(alice, chat, client_id=key)
    assert (again.message.id, again.created) == (first.message.id, False)
    assert published.all == []
    assert Message.objects.count() == 1


def test_the_same_key_with_another_body_is_a_conflict(alice, chat):
    key = uuid4()
    say(alice, chat, client_id=key)
    with pytest.raises(Conflict) as refusal:
        say(alice, chat, "Something else", client_id=key)
    assert refusal.value.code == "client_id_reused"
    assert Message.objects.count() == 1


def test_two_people_may_choose_the_same_key(alice, bob, chat):
    key = uuid4()
    assert say(alice, chat, client_id=key).created
    assert say(bob, chat, client_id=key).created


def test_sending_implies_having_read(alice, bob, chat, published):
    say(alice, chat)
    say(bob, chat, "Hi!")
    read = [event for event, _to in published.all if event.name == "messagesRead"]
    assert [(event.user_id, event.up_to_seq) for event in read] == [(bob.pk, 1)]


def test_a_reply_quotes_a_message_of_the_same_conversation(alice, bob, chat):
    question = say(alice, chat, "Lunch?").message
    answer = say(bob, chat, "Yes", reply_to_id=question.id).message
    assert answer.reply_to is not None
    assert (answer.reply_to.id, answer.reply_to.content) == (question.id, "Lunch?")


def test_a_reply_to_a_message_elsewhere_is_refused(alice, bob, carol, chat):
    elsewhere, _created = get_or_create_direct(actor=alice, target_user_id=carol.pk)
    secret = say(alice, elsewhere.conversation_id).message
    with pytest.raises(Invalid) as refusal:
        say(bob, chat, reply_to_id=secret.id)
    assert refusal.value.code == "unknown_message"


def test_who_was_removed_can_no_longer_post(alice, bob):
    group = create_group(actor=alice, title="Team", member_ids=[bob.pk]).conversation_id
    remove_member(actor=alice, conversation_id=group, user_id=bob.pk)
    with pytest.raises(Forbidden) as refusal:
        say(bob, group)
    assert refusal.value.code == "not_a_member"
    assert not Message.objects.filter(sender=bob).exists()


def test_mallory_and_carol_find_no_such_conversation_and_no_event_goes_out(
    carol, mallory, chat, published
):
    published.forget()
    for outsider in (carol, mallory):
        with pytest.raises(NotFound):
            say(outsider, chat)
    assert published.all == []
