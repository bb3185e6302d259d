"""Catching up: all that changed after the versions held, bounded, and never silently short."""

import pytest

from chatproject.events import GroupBody
from conversations.services import sync as service
from conversations.services.conversations import create_group
from conversations.services.groups import change_group
from conversations.services.members import add_members, leave
from conversations.services.messages import delete_message, edit_message
from conversations.services.receipts import mark_delivered, mark_read
from conversations.services.sync import sync
from tests.conversations.steps import say, version_of, withhold_receipts


def changes(actor, held):
    page = sync(actor=actor, held=held)
    assert not page.limited
    return {one.conversation.id: one for one in page.conversations}


def texts(change):
    return [one.content for one in change.messages]


def catch_up(actor, held, *, rounds=50):
    """As a client does it: ask again, with what it then holds, while there is more."""
    held, heard = dict(held), []
    for _ in range(rounds):
        page = sync(actor=actor, held=held)
        for one in page.conversations:
            heard += [(one.conversation.id, message.seq) for message in one.messages]
            assert one.version > held.get(one.conversation.id, 0)
            held[one.conversation.id] = one.version
        if not page.limited:
            return held, heard
    raise AssertionError("it never ends")


def test_who_holds_everything_gets_nothing(alice, chat, team):
    held = {pk: version_of(pk) for pk in (chat, team)}
    page = sync(actor=alice, held=held)
    assert (page.conversations, page.gone, page.limited) == ([], [], False)
    assert page.read_seqs == {chat: 0, team: 0}


def test_what_changed_since_comes_and_nothing_else(alice, bob, chat, team):
    first, second = say(alice, chat, "One"), say(alice, chat, "Two")
    held = {chat: version_of(chat), team: version_of(team)}
    edit_message(actor=alice, conversation_id=chat, message_id=first.id, content="Won")
    say(alice, chat, "Three")
    delete_message(actor=alice, conversation_id=chat, message_id=second.id)
    found = changes(bob, held)
    assert set(found) == {chat}
    # In the order in which they changed last.
    assert [(one.seq, one.content) for one in found[chat].messages] == [
        (1, "Won"), (3, "Three"), (2, ""),
    ]  # fmt: skip
    assert found[chat].version == version_of(chat)
    assert found[chat].conversation.unread_count == 2


def test_receipts_come_as_participants(alice, bob, chat):
    say(alice, chat)
    held = {chat: version_of(chat)}
    mark_delivered(actor=bob, conversation_id=chat)
    (place,) = changes(alice, held)[chat].participants
    assert (place.user.id, place.delivered_seq, place.read_seq) == (bob.pk, 1, 0)


def test_titles_and_roles_come_with_the_conversation(alice, bob, team):
    held = {team: version_of(team)}
    change_group(actor=alice, conversation_id=team, changes=GroupBody(title="Crew"))
    change = changes(bob, held)[team]
    assert change.conversation.title == "Crew"
    assert [one.system.event for one in change.messages if one.system] == ["titleChanged"]


def test_an_unknown_conversation_comes_with_its_latest_page(alice, bob, chat, monkeypatch):
    monkeypatch.setattr(service, "LATEST", 3)
    for number in range(5):
        say(alice, chat, str(number))
    change = changes(bob, {})[chat]
    assert texts(change) == ["2", "3", "4"]
    assert {one.user.id for one in change.participants} == {alice.pk, bob.pk}
    assert change.version == version_of(chat)


def test_a_version_from_the_future_starts_anew(alice, bob, chat):
    say(alice, chat, "Hello")
    change = changes(bob, {chat: version_of(chat) + 100})[chat]
    assert texts(change) == ["Hello"]
    assert change.version == version_of(chat)


def test_what_was_read_in_private_is_told_to_the_own_devices(alice, bob, chat):
    withhold_receipts(bob)
    say(alice, chat)
    mark_delivered(actor=bob, conversation_id=chat)
    held = {chat: version_of(chat)}
    mark_read(actor=bob, conversation_id=chat)
    page = sync(actor=bob, held=held)
    assert (page.conversations, page.read_seqs) == ([], {chat: 1})
    assert sync(actor=alice, held=held).conversations == []


def test_who_left_gets_the_leaving_and_nothing_after(alice, bob, team):
    held = {team: version_of(team)}
    leave(actor=bob, conversation_id=team)
    left = version_of(team)
    say(alice, team, "After")
    change = changes(bob, held)[team]
    assert [one.system.event for one in change.messages if one.system] == ["memberLeft"]
    assert (change.version, change.conversation.is_member) == (left, False)
    assert changes(bob, {team: left}) == {}


def test_what_was_said_in_absence_never_comes(alice, bob, team):
    leave(actor=bob, conversation_id=team)
    held = {team: version_of(team)}
    missed = say(alice, team, "Missed")
    add_members(actor=alice, conversation_id=team, user_ids=[bob.pk])
    edit_message(actor=alice, conversation_id=team, message_id=missed.id, content="Still missed")
    say(alice, team, "Back")
    for version in (held, {}, {team: 0}):
        assert not {"Missed", "Still missed"} & set(texts(changes(bob, version)[team]))


@pytest.mark.parametrize("most", [1, 2, 3, 7])
def test_many_messages_come_in_rounds_without_gap_or_double(
    alice, bob, chat, team, monkeypatch, most
):
    monkeypatch.setattr(service, "MAX_MESSAGES", most)
    held = {chat: version_of(chat), team: version_of(team)}
    for number in range(5):
        say(alice, chat, str(number))
        say(alice, team, str(number))
    now, heard = catch_up(bob, held)
    assert sorted(heard) == sorted(
        [(chat, seq) for seq in range(1, 6)] + [(team, seq) for seq in range(2, 7)]
    )
    assert now == {chat: version_of(chat), team: version_of(team)}


@pytest.mark.parametrize("bound", ["MAX_CONVERSATIONS", "MAX_PARTICIPANTS"])
def test_many_conversations_come_in_rounds_the_newest_first(alice, monkeypatch, bound):
    groups = [create_group(actor=alice, title=str(n), member_ids=[]) for n in range(5)]
    ids = [place.conversation_id for place in groups]
    monkeypatch.setattr(service, bound, 2)
    first = sync(actor=alice, held={})
    assert first.limited
    assert {one.conversation.id for one in first.conversations} == set(ids[3:])
    now, heard = catch_up(alice, {})
    assert sorted(heard) == [(pk, 1) for pk in ids]
    assert now == {pk: version_of(pk) for pk in ids}


def test_one_large_conversation_comes_even_over_the_bound(alice, bob, team, monkeypatch):
    monkeypatch.setattr(service, "MAX_PARTICIPANTS", 1)
    assert set(changes(bob, {})) == {team}


def test_outsiders_are_told_that_it_is_gone_as_if_it_had_never_been(carol, mallory, chat):
    for outsider in (carol, mallory):
        page = sync(actor=outsider, held={chat: 1, 999_999: 5})
        assert (page.conversations, page.gone) == ([], [chat, 999_999])
        assert page.read_seqs == {}


def test_long_messages_come_in_more_answers(alice, bob, chat, monkeypatch):
    monkeypatch.setattr(service, "MAX_CHARACTERS", 9_000)
    for _ in range(5):
        say(alice, chat, "x" * 4_000)
    page = sync(actor=bob, held={chat: 0})
    assert (len(page.conversations[0].messages), page.limited) == (2, True)
    _held, heard = catch_up(bob, {chat: 0})
    assert heard == [(chat, seq) for seq in range(1, 6)]
