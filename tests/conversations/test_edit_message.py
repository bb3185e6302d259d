from datetime import timedelta

import time_machine
from django.utils import timezone

from chatproject.errors import Forbidden, NotFound
from conversations.models import Message
from conversations.services.conversations import get_or_create_direct
from conversations.services.members import leave
from conversations.services.messages import delete_message, edit_message
from conversations.services.receipts import mark_read
from tests.conversations.steps import nothing_happens, refused, say, texts_seen_by, version_of


def edit(actor, message, content="Hello"):
    return edit_message(
        actor=actor,
        conversation_id=message.conversation_id,
        message_id=message.id,
        content=content,
    )


def test_everybody_is_told_of_the_new_text(alice, bob, chat, published):
    message = say(alice, chat, "Helo")
    published.forget()
    edited = edit(alice, message)
    ((event, to),) = published.all
    assert (event.name, event.message_id, event.content) == ("messageEdited", message.id, "Hello")
    assert sorted(to) == [alice.pk, bob.pk]
    assert event.version == edited.version == version_of(chat) > message.version
    assert event.edited_at == edited.edited_at
    assert texts_seen_by(bob, chat) == ["Hello"]


def test_it_keeps_its_place_and_its_time(alice, bob, chat):
    message = say(alice, chat, "Helo")
    say(bob, chat, "Hi")
    edited = edit(alice, message)
    assert (edited.seq, edited.created_at) == (message.seq, message.created_at)
    assert texts_seen_by(bob, chat) == ["Hello", "Hi"]


def test_the_answer_keeps_the_ticks(alice, bob, chat):
    message = say(alice, chat, "Helo")
    mark_read(actor=bob, conversation_id=chat)
    edited = edit(alice, message)
    assert (edited.is_delivered, edited.is_read) == (True, True)


def test_a_quote_shows_the_new_text(alice, bob, chat):
    message = say(alice, chat, "Lanch?")
    edit(alice, message, "Lunch?")
    answer = say(bob, chat, "Yes", reply_to_id=message.id)
    assert answer.reply_to is not None
    assert answer.reply_to.content == "Lunch?"


def test_the_same_text_again_is_nothing_new(alice, chat, published):
    message = say(alice, chat)
    with nothing_happens(published, chat):
        assert edit(alice, message).edited_at is None


def test_only_within_the_window(alice, chat, settings, published):
    message = say(alice, chat, "Helo")
    end = timezone.now() + timedelta(seconds=settings.EDIT_WINDOW_SECONDS)
    with time_machine.travel(end - timedelta(seconds=5), tick=False):
        edit(alice, message)
    too_late = time_machine.travel(end + timedelta(seconds=5), tick=False)
    with too_late, nothing_happens(published, chat), refused(Forbidden, "cannot_edit"):
        edit(alice, message, "Too late")


def test_nobody_edits_what_another_said_nor_what_is_deleted_nor_a_system_line(
    alice, bob, team, published
):
    message, deleted = say(alice, team), say(alice, team)
    delete_message(actor=alice, conversation_id=team, message_id=deleted.id)
    line = Message.objects.get(kind="system")
    with nothing_happens(published, team):
        for actor, target in ((bob, message.id), (alice, deleted.id), (alice, line.pk)):
            with refused(Forbidden, "cannot_edit"):
                edit_message(
                    actor=actor, conversation_id=team, message_id=target, content="Never said"
                )


def test_who_left_edits_nothing_more(bob, team, published):
    message = say(bob, team)
    leave(actor=bob, conversation_id=team)
    with nothing_happens(published, team), refused(Forbidden, "cannot_edit"):
        edit(bob, message, "Never said")


def test_a_message_is_found_in_its_own_conversation_only(alice, carol, chat, published):
    message = say(alice, chat)
    elsewhere, _created = get_or_create_direct(actor=alice, target_user_id=carol.pk)
    with nothing_happens(published, chat), refused(NotFound):
        edit_message(
            actor=alice,
            conversation_id=elsewhere.conversation_id,
            message_id=message.id,
            content="Never said",
        )


def test_outsiders_find_no_such_message(alice, carol, mallory, chat, published):
    message = say(alice, chat)
    for outsider in (carol, mallory):
        with nothing_happens(published, chat), refused(NotFound):
            edit(outsider, message, "Never said")
