"""Two coloured ticks: every other member has read it. What is read privately is told to nobody."""

import pytest

from chatproject.errors import NotFound
from chatproject.events import MessagesQuery
from conversations.models import Receipt
from conversations.services.history import page_of_messages
from conversations.services.members import leave
from conversations.services.receipts import mark_read
from notifications.models import Notification
from tests.conversations.steps import (
    nothing_happens,
    place_of,
    refused,
    say,
    unread_of,
    version_of,
    withhold_receipts,
)


def seen(user, conversation_id):
    page = page_of_messages(actor=user, conversation_id=conversation_id, query=MessagesQuery())
    return [(one.is_read, one.read_at is not None) for one in page.messages if one.kind == "text"]


def test_everybody_is_told_and_read_implies_delivered(alice, bob, chat, published):
    say(alice, chat)
    say(alice, chat)
    published.forget()
    place = mark_read(actor=bob, conversation_id=chat, up_to_seq=1)
    assert (place.delivered_seq, place.read_seq, place.private_read_seq) == (1, 1, 1)
    (event,) = published.named("messagesRead")
    assert published.to(alice) == [event]
    assert (event.user_id, event.up_to_seq, event.is_private) == (bob.pk, 1, False)
    assert event.version == version_of(chat)
    assert "messageDelivered" not in published.names
    assert seen(alice, chat) == [(True, True), (False, False)]


def test_the_other_side_knows_when_it_read_too(alice, bob, chat):
    say(alice, chat)
    mark_read(actor=bob, conversation_id=chat)
    at = Receipt.objects.get(user=bob, kind="read").at
    query = MessagesQuery()
    for viewer in (alice, bob):
        (message,) = page_of_messages(actor=viewer, conversation_id=chat, query=query).messages
        assert message.read_at == at


def test_unread_counts_down_and_the_notification_goes(alice, bob, chat, published):
    for _ in range(3):
        say(alice, chat)
    assert (unread_of(bob, chat), unread_of(alice, chat)) == (3, 0)
    mark_read(actor=bob, conversation_id=chat, up_to_seq=2)
    assert unread_of(bob, chat) == 1
    mark_read(actor=bob, conversation_id=chat)
    assert unread_of(bob, chat) == 0
    assert not Notification.objects.unread().filter(user=bob).exists()
    assert "notificationsRead" in [event.name for event in published.to(bob)]


def test_in_a_group_the_slowest_counts_and_no_time_is_given(alice, bob, carol, team):
    say(alice, team)
    mark_read(actor=bob, conversation_id=team)
    assert seen(alice, team) == [(False, False)]
    mark_read(actor=carol, conversation_id=team)
    assert seen(alice, team) == [(True, False)]


@pytest.mark.parametrize("who", ["the reader", "the writer"])
def test_in_private_only_the_own_devices_are_told(alice, bob, chat, published, who):
    withhold_receipts(bob if who == "the reader" else alice)
    say(alice, chat)
    published.forget()
    place = mark_read(actor=bob, conversation_id=chat)
    assert (place.delivered_seq, place.read_seq, place.private_read_seq) == (1, 0, 1)
    assert [event.name for event in published.to(alice)] == ["messageDelivered"]
    (event,) = published.named("messagesRead")
    assert event.is_private
    assert event in published.to(bob)
    assert seen(alice, chat) == [(False, False)]
    assert seen(bob, chat) == [(True, True)]
    assert unread_of(bob, chat) == 0


def test_answering_tells_nothing_of_what_was_read_in_private(alice, bob, chat, published):
    withhold_receipts(bob)
    say(alice, chat)
    published.forget()
    say(bob, chat, "An answer")
    assert place_of(bob, chat).read_seq == 0
    assert "messagesRead" not in [event.name for event in published.to(alice)]


def test_groups_always_show_receipts(alice, bob, carol, team, published):
    withhold_receipts(bob)
    say(alice, team)
    published.forget()
    mark_read(actor=bob, conversation_id=team)
    (event,) = published.named("messagesRead")
    assert event in published.to(alice)


def test_receipts_given_again_tell_of_what_is_read_from_then_on(alice, bob, chat):
    withhold_receipts(bob)
    say(alice, chat)
    mark_read(actor=bob, conversation_id=chat)
    bob.privacy.read_receipts = True
    bob.privacy.save()
    say(alice, chat)
    assert mark_read(actor=bob, conversation_id=chat).read_seq == 2


def test_it_never_goes_back_and_again_is_nothing_new(alice, bob, chat, published):
    say(alice, chat)
    say(alice, chat)
    mark_read(actor=bob, conversation_id=chat)
    with nothing_happens(published, chat):
        for seq in (2, 1, 0, None):
            assert mark_read(actor=bob, conversation_id=chat, up_to_seq=seq).read_seq == 2


def test_nobody_reads_what_is_not_there_yet(alice, bob, chat):
    say(alice, chat)
    assert mark_read(actor=bob, conversation_id=chat, up_to_seq=2**63 - 1).read_seq == 1


def test_who_left_reads_what_they_had_and_nothing_after(alice, bob, carol, team):
    say(alice, team)
    leave(actor=bob, conversation_id=team)
    say(alice, team, "After")
    place = mark_read(actor=bob, conversation_id=team)
    assert place.private_read_seq == place.left_seq
    assert unread_of(bob, team) == 0


def test_outsiders_find_nothing_to_read(alice, carol, mallory, chat, published):
    say(alice, chat)
    for outsider in (carol, mallory):
        with nothing_happens(published, chat), refused(NotFound):
            mark_read(actor=outsider, conversation_id=chat)
