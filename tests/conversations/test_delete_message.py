"""Deleting for everyone leaves a tombstone in its place, and the text nowhere."""

from chatproject.errors import Forbidden, NotFound
from chatproject.events import ConversationsQuery
from conversations.models import Message
from conversations.services.listing import page_of_conversations
from conversations.services.members import leave
from conversations.services.messages import delete_message
from conversations.services.receipts import mark_read
from notifications.models import Notification
from tests.conversations.steps import (
    nothing_happens,
    refused,
    say,
    texts_seen_by,
    unread_of,
    version_of,
)


def delete(actor, message):
    return delete_message(
        actor=actor, conversation_id=message.conversation_id, message_id=message.id
    )


def test_everybody_is_told_and_a_tombstone_stays(alice, bob, chat, published):
    message = say(alice, chat, "Oops")
    published.forget()
    tombstone = delete(alice, message)
    (event,) = published.named("messageDeleted")
    assert published.to(alice) == [event]
    assert event in published.to(bob)
    assert (event.message_id, event.seq, event.deleted_at) == (
        message.id,
        message.seq,
        tombstone.deleted_at,
    )
    assert event.version == tombstone.version == version_of(chat)
    assert (tombstone.seq, tombstone.content) == (message.seq, "")


def test_the_text_is_gone_from_history_list_quotes_and_the_database(alice, bob, chat):
    message = say(alice, chat, "Oops")
    answer = say(bob, chat, "What?", reply_to_id=message.id)
    delete(alice, message)
    delete(bob, answer)
    assert texts_seen_by(bob, chat) == ["", ""]
    (row,) = page_of_conversations(actor=bob, query=ConversationsQuery()).conversations
    assert row.last_message is not None
    assert (row.last_message.content, row.last_message.reply_to.is_deleted) == ("", True)
    assert row.last_message.reply_to.content == ""
    assert not Message.objects.exclude(content="").exists()


def test_it_is_unread_and_announced_no_longer(alice, bob, chat, published):
    message = say(alice, chat, "Oops")
    assert Notification.objects.unread().filter(user=bob).count() == 1
    delete(alice, message)
    assert unread_of(bob, chat) == 0
    assert not Notification.objects.filter(user=bob).exists()


def test_of_several_the_announcement_counts_one_less(alice, bob, chat):
    say(alice, chat, "Hello")
    delete(alice, say(alice, chat, "Oops"))
    assert Notification.objects.get(user=bob).count == 1


def test_the_answer_keeps_the_ticks(alice, bob, chat):
    message = say(alice, chat, "Oops")
    mark_read(actor=bob, conversation_id=chat)
    assert delete(alice, message).is_read


def test_deleting_twice_is_done_once(alice, chat, published):
    message = say(alice, chat)
    first = delete(alice, message)
    with nothing_happens(published, chat):
        assert delete(alice, message) == first


def test_nobody_deletes_what_another_said_nor_a_system_line(alice, bob, team, published):
    message = say(alice, team)
    line = Message.objects.get(kind="system")
    with nothing_happens(published, team):
        with refused(Forbidden, "cannot_delete"):
            delete(bob, message)
        with refused(Forbidden, "cannot_delete"):
            delete_message(actor=alice, conversation_id=team, message_id=line.pk)


def test_who_left_deletes_nothing_more(bob, team, published):
    message = say(bob, team)
    leave(actor=bob, conversation_id=team)
    with nothing_happens(published, team), refused(Forbidden, "cannot_delete"):
        delete(bob, message)


def test_outsiders_find_no_such_message(alice, carol, mallory, chat, published):
    message = say(alice, chat)
    for outsider in (carol, mallory):
        with nothing_happens(published, chat), refused(NotFound):
            delete(outsider, message)
