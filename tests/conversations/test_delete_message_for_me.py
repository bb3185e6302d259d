"""Deleting for oneself: it disappears from one's own devices, and nobody else is the wiser."""

import pytest

from chatproject.errors import Forbidden, NotFound
from chatproject.events import ConversationsQuery
from conversations.models import HiddenMessage, Message
from conversations.services import hiding
from conversations.services.hiding import delete_message_for_me
from conversations.services.listing import page_of_conversations
from conversations.services.members import leave
from conversations.services.messages import delete_message
from conversations.services.receipts import mark_read
from conversations.services.sync import sync
from notifications.models import Notification
from tests.conversations.steps import (
    nothing_happens,
    refused,
    say,
    texts_seen_by,
    unread_of,
    version_of,
)


def put_away(actor, message):
    delete_message_for_me(
        actor=actor, conversation_id=message.conversation_id, message_id=message.id
    )


def preview_of(actor):
    (row,) = page_of_conversations(actor=actor, query=ConversationsQuery()).conversations
    return row.last_message.content if row.last_message else None


def test_it_is_gone_for_the_one_and_there_for_the_other(alice, bob, chat, published):
    say(alice, chat, "First")
    message = say(alice, chat, "Second")
    published.forget()
    version = version_of(chat)
    put_away(bob, message)
    (event,) = published.named("messageDeletedForMe")
    assert (event.seq, event.message_id, event.number) == (2, message.id, 1)
    assert event in published.to(bob)
    assert not published.to(alice)
    assert (texts_seen_by(bob, chat), preview_of(bob)) == (["First"], "First")
    assert (texts_seen_by(alice, chat), preview_of(alice)) == (["First", "Second"], "Second")
    assert version_of(chat) == version


def test_the_list_shows_what_was_said_before_or_nothing(alice, bob, chat):
    said = [say(alice, chat, f"{number}") for number in range(3)]
    for message in said[1:]:
        put_away(bob, message)
    assert preview_of(bob) == "0"
    put_away(bob, said[0])
    assert preview_of(bob) is None
    say(alice, chat, "New")
    assert preview_of(bob) == "New"


def test_it_is_unread_and_announced_no_longer(alice, bob, chat):
    first, second = say(alice, chat, "One"), say(alice, chat, "Two")
    assert unread_of(bob, chat) == 2
    put_away(bob, second)
    told = Notification.objects.get(user=bob)
    assert (unread_of(bob, chat), told.count, told.message_id) == (1, 1, first.id)
    delete_message(actor=alice, conversation_id=chat, message_id=second.id)
    assert unread_of(bob, chat) == 1, "deleted twice over, it counts once"
    put_away(bob, first)
    assert unread_of(bob, chat) == 0
    assert not Notification.objects.filter(user=bob).exists()
    assert not page_of_conversations(
        actor=bob, query=ConversationsQuery(filter="unread")
    ).conversations


def test_what_was_told_of_it_before_is_gone_from_the_notifications(alice, bob, chat):
    message = say(alice, chat, "Between us")
    mark_read(actor=bob, conversation_id=chat)
    put_away(bob, message)
    assert not Notification.objects.filter(user=bob).exists()


def test_a_device_that_was_away_is_told_by_sync(alice, bob, chat, monkeypatch):
    monkeypatch.setattr(hiding, "MAX_DELETED_FOR_ME", 2)
    said = [say(alice, chat, f"{number}") for number in range(3)]
    held = {chat: version_of(chat)}
    fresh = sync(actor=bob, held=held)
    assert (fresh.deleted_for_me, fresh.deleted_for_me_up_to) == ([], 0)
    for message in said:
        put_away(bob, message)
    answer = sync(actor=bob, held=held, deleted_for_me_after=0)
    assert [each.seq for each in answer.deleted_for_me] == [1, 2]
    assert (answer.deleted_for_me_up_to, answer.limited) == (2, True)
    answer = sync(actor=bob, held=held, deleted_for_me_after=2)
    assert [each.message_id for each in answer.deleted_for_me] == [said[2].id]
    assert (answer.deleted_for_me_up_to, answer.limited) == (3, False)
    assert sync(actor=bob, held=held, deleted_for_me_after=3).deleted_for_me == []
    # From a database that is gone.
    assert len(sync(actor=bob, held=held, deleted_for_me_after=9).deleted_for_me) == 2
    assert sync(actor=alice, held=held, deleted_for_me_after=0).deleted_for_me == []
    (changes,) = sync(actor=bob, held={}).conversations
    assert changes.messages == []


def test_twice_is_done_once(alice, chat, published):
    message = say(alice, chat)
    put_away(alice, message)
    with nothing_happens(published, chat):
        put_away(alice, message)
    assert HiddenMessage.objects.count() == 1


def test_what_others_deleted_is_put_away_and_system_lines_are_not(alice, bob, team):
    message = say(alice, team)
    delete_message(actor=alice, conversation_id=team, message_id=message.id)
    put_away(bob, message)
    assert texts_seen_by(bob, team) == ["groupCreated"]
    line = Message.objects.get(kind="system")
    with refused(Forbidden, "cannot_delete"):
        delete_message_for_me(actor=bob, conversation_id=team, message_id=line.pk)


def test_who_left_may_still_put_away_what_they_saw_and_nothing_else(alice, bob, team):
    before = say(alice, team, "With Bob")
    leave(actor=bob, conversation_id=team)
    after = say(alice, team, "Without")
    put_away(bob, before)
    assert texts_seen_by(bob, team) == ["groupCreated", "memberLeft"]
    with refused(NotFound):
        put_away(bob, after)


def test_one_may_answer_what_one_put_away(alice, bob, chat):
    message = say(alice, chat, "Well?")
    put_away(bob, message)
    answer = say(bob, chat, "Yes", reply_to_id=message.id)
    assert answer.reply_to is not None
    assert texts_seen_by(bob, chat) == ["Yes"]


def test_outsiders_find_no_such_message(alice, carol, mallory, chat, published):
    message = say(alice, chat)
    for outsider in (carol, mallory):
        with nothing_happens(published, chat), refused(NotFound):
            put_away(outsider, message)
    assert not HiddenMessage.objects.exists()


@pytest.mark.once
def test_by_rest_and_on_the_pages(api, browser_of, alice, bob, chat):
    first, second = say(alice, chat, "First"), say(alice, chat, "Second")
    path = f"/api/chat/conversations/{chat}/messages/{first.id}/for-me"
    assert api(bob).delete(path).status_code == 204
    assert api(bob).delete(path).status_code == 204
    body = {"conversations": {}, "deletedForMeAfter": 0}
    (told,) = api(bob).post("/api/chat/sync", body).json()["deletedForMe"]
    assert told == {"conversationId": chat, "messageId": first.id, "seq": 1, "number": 1}
    page = browser_of(bob)
    address = f"/c/{chat}/messages/{second.id}"
    assert "Delete for me" in page.get(address).content.decode()
    assert page.post(f"{address}/delete-for-me").status_code == 302
    assert page.get(address).status_code == 404
    shown = page.get(f"/c/{chat}").content.decode()
    assert "First" not in shown
    assert "Second" not in shown
