"""Two ticks: a device of every other member has confirmed it."""

import pytest

from chatproject.errors import NotFound
from chatproject.events import MessagesQuery
from conversations.models import Receipt
from conversations.services.history import page_of_messages
from conversations.services.members import leave
from conversations.services.receipts import mark_delivered
from tests.conversations.steps import nothing_happens, place_of, refused, say, version_of


def ticks(user, conversation_id):
    page = page_of_messages(actor=user, conversation_id=conversation_id, query=MessagesQuery())
    return [(one.is_delivered, one.is_read) for one in page.messages if one.kind == "text"]


def test_everybody_is_told_up_to_where(alice, bob, chat, published):
    for _ in range(3):
        say(alice, chat)
    published.forget()
    mark_delivered(actor=bob, conversation_id=chat, up_to_seq=2)
    ((event, to),) = published.all
    assert (event.name, event.user_id, event.up_to_seq) == ("messageDelivered", bob.pk, 2)
    assert sorted(to) == [alice.pk, bob.pk]
    assert event.version == version_of(chat) == place_of(bob, chat).version
    assert ticks(alice, chat) == [(True, False), (True, False), (False, False)]


def test_without_a_seq_it_means_all(alice, bob, chat):
    for _ in range(3):
        say(alice, chat)
    assert mark_delivered(actor=bob, conversation_id=chat).delivered_seq == 3


def test_in_a_group_the_slowest_counts(alice, bob, carol, team):
    say(alice, team)
    mark_delivered(actor=bob, conversation_id=team)
    assert ticks(alice, team) == [(False, False)]
    mark_delivered(actor=carol, conversation_id=team)
    assert ticks(alice, team) == [(True, False)]


def test_who_left_is_waited_for_no_longer(alice, bob, carol, team):
    say(alice, team)
    mark_delivered(actor=bob, conversation_id=team)
    leave(actor=carol, conversation_id=team)
    assert ticks(alice, team) == [(True, False)]


def test_each_advance_keeps_its_time(alice, bob, chat):
    say(alice, chat)
    mark_delivered(actor=bob, conversation_id=chat)
    say(alice, chat)
    mark_delivered(actor=bob, conversation_id=chat)
    rows = Receipt.objects.filter(user=bob).order_by("to_seq")
    assert [(row.kind, row.from_seq, row.to_seq) for row in rows] == [
        ("delivered", 0, 1),
        ("delivered", 1, 2),
    ]


def test_it_never_goes_back_and_again_is_nothing_new(alice, bob, chat, published):
    say(alice, chat)
    say(alice, chat)
    mark_delivered(actor=bob, conversation_id=chat)
    with nothing_happens(published, chat):
        for seq in (2, 1, 0, None):
            assert mark_delivered(actor=bob, conversation_id=chat, up_to_seq=seq).delivered_seq == 2


@pytest.mark.parametrize("claimed", [2, 1000, 2**63 - 1])
def test_nobody_confirms_what_is_not_there_yet(alice, bob, chat, claimed):
    say(alice, chat)
    assert mark_delivered(actor=bob, conversation_id=chat, up_to_seq=claimed).delivered_seq == 1


def test_who_left_confirms_what_they_had_and_nothing_after(alice, bob, team):
    leave(actor=bob, conversation_id=team)
    left_seq = place_of(bob, team).left_seq
    say(alice, team)
    assert mark_delivered(actor=bob, conversation_id=team).delivered_seq == left_seq


def test_outsiders_find_nothing_to_confirm(alice, carol, mallory, chat, published):
    say(alice, chat)
    for outsider in (carol, mallory):
        with nothing_happens(published, chat), refused(NotFound):
            mark_delivered(actor=outsider, conversation_id=chat)
