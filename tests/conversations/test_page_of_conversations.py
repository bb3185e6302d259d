"""The list: by last activity, with what each row shows, as its viewer may see it."""

import pytest

from chatproject.errors import Invalid, NotFound
from chatproject.events import ConversationsQuery
from chatproject.keyset import encode_cursor
from conversations.models import Conversation
from conversations.services.conversations import create_group, get_or_create_direct
from conversations.services.listing import conversation_in_full, page_of_conversations
from conversations.services.members import add_members, leave
from conversations.services.receipts import mark_read
from tests.conversations.steps import keep, refused, say


def listed(actor, limit=100, **query):
    return page_of_conversations(actor=actor, query=ConversationsQuery(limit=limit, **query))


def ids(actor, **query):
    return [row.id for row in listed(actor, **query).conversations]


def test_the_last_activity_comes_first(alice, bob, carol, chat, team):
    assert ids(alice) == [team, chat]
    say(bob, chat)
    assert ids(alice) == ids(bob) == [chat, team]
    say(carol, team)
    assert ids(alice) == [team, chat]


def test_a_row_tells_who_what_and_how_much_is_unread(alice, bob, chat):
    say(alice, chat, "Hello")
    say(alice, chat, "Are you there?")
    (row,) = listed(bob).conversations
    assert (row.kind, row.title, row.member_count) == ("direct", "", 2)
    assert row.peer is not None and row.peer.display_name == "Alice"
    assert row.last_message is not None and row.last_message.content == "Are you there?"
    assert row.last_message_at == row.last_message.created_at
    assert (row.unread_count, row.read_seq, row.last_seq) == (2, 0, 2)
    assert (row.is_member, row.can_post) == (True, True)
    (row,) = listed(alice).conversations
    assert (row.unread_count, row.delivered_to_all_seq, row.read_by_all_seq) == (0, 0, 0)


def test_the_ticks_of_the_last_message_are_the_viewers(alice, bob, chat):
    say(alice, chat)
    mark_read(actor=bob, conversation_id=chat)
    (row,) = listed(alice).conversations
    assert row.last_message is not None and row.last_message.is_read
    assert (row.delivered_to_all_seq, row.read_by_all_seq) == (1, 1)


def test_a_group_has_no_peer_and_tells_my_role(alice, bob, team):
    (row,) = listed(alice).conversations
    assert (row.peer, row.title, row.role, row.member_count) == (None, "Team", "admin", 3)
    (row,) = listed(bob).conversations
    assert row.role == "member"


def test_pages_have_neither_gap_nor_double_while_others_write(alice, bob):
    groups = [create_group(actor=alice, title=str(n), member_ids=[]) for n in range(7)]
    newest_first = [place.conversation_id for place in reversed(groups)]
    first = listed(alice, limit=3)
    say(alice, newest_first[1], "Moves to the top, off the pages that are still to come")
    second = listed(alice, limit=3, cursor=first.next_cursor)
    third = listed(alice, limit=3, cursor=second.next_cursor)
    rows = [row.id for page in (first, second, third) for row in page.conversations]
    assert rows == newest_first
    assert third.next_cursor is None


def test_equal_moments_are_told_apart(alice):
    groups = [create_group(actor=alice, title=str(n), member_ids=[]) for n in range(4)]
    moment = groups[0].conversation.last_activity_at
    Conversation.objects.update(last_activity_at=moment)
    first = listed(alice, limit=2)
    second = listed(alice, limit=2, cursor=first.next_cursor)
    rows = [row.id for page in (first, second) for row in page.conversations]
    assert rows == sorted((place.conversation_id for place in groups), reverse=True)
    assert second.next_cursor is None


@pytest.mark.parametrize("cursor", ["pinned.", "pinned.x", "made-up", "=", "MjAyNg", "é", "0 0"])
def test_a_made_up_cursor_is_refused(alice, cursor):
    with refused(Invalid):
        listed(alice, cursor=cursor)


def test_a_cursor_of_somebody_else_shows_nothing_of_theirs(alice, mallory, chat, team):
    moment = Conversation.objects.get(pk=team).last_activity_at
    assert listed(mallory, cursor=encode_cursor(moment, team + 1)).conversations == []


def test_who_left_keeps_the_row_at_its_place_then(alice, bob, team, chat):
    say(alice, team, "Before")
    leave(actor=bob, conversation_id=team)
    say(alice, chat)
    say(alice, team, "After")
    assert ids(bob) == [chat, team]
    (row,) = [row for row in listed(bob).conversations if row.id == team]
    assert (row.is_member, row.can_post, row.last_seq) == (False, False, 3)
    assert row.last_message is not None and row.last_message.system is not None


def test_whom_i_cannot_write_to_is_marked(alice, bob, chat):
    bob.is_active = False
    bob.save()
    (row,) = listed(alice).conversations
    assert (row.is_member, row.can_post) == (True, False)


def test_in_full_it_has_all_participants_those_who_left_too(alice, bob, carol, team):
    leave(actor=carol, conversation_id=team)
    places = conversation_in_full(actor=alice, conversation_id=team).participants
    current = {place.user.id: place.is_current for place in places}
    assert current == {alice.pk: True, bob.pk: True, carol.pk: False}


def test_who_left_does_not_see_who_came_after(alice, bob, carol, gus, team):
    leave(actor=carol, conversation_id=team)
    add_members(actor=alice, conversation_id=team, user_ids=[gus.pk])
    places = conversation_in_full(actor=carol, conversation_id=team).participants
    assert {place.user.id for place in places} == {alice.pk, bob.pk, carol.pk}


def test_outsiders_see_neither_row_nor_conversation(alice, bob, carol, mallory, chat, published):
    get_or_create_direct(actor=alice, target_user_id=carol.pk)
    published.forget()
    assert chat not in ids(carol)
    assert ids(mallory) == []
    for outsider in (carol, mallory):
        with refused(NotFound):
            conversation_in_full(actor=outsider, conversation_id=chat)
    assert published.all == []


def test_what_is_pinned_comes_first_also_across_pages(alice):
    groups = [create_group(actor=alice, title=str(n), member_ids=[]) for n in range(6)]
    made = [place.conversation_id for place in groups]
    for pk in (made[0], made[3]):
        keep(alice, pk, pinned=True)
    wanted = [made[3], made[0], made[5], made[4], made[2], made[1]]
    assert ids(alice) == wanted
    for limit in (1, 2, 4):
        rows, cursor = [], None
        while True:
            page = listed(alice, limit=limit, cursor=cursor)
            rows += [row.id for row in page.conversations]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert rows == wanted, limit


def test_what_is_archived_stands_apart_and_is_found_by_its_name(alice, bob, chat, team):
    keep(alice, team, archived=True)
    say(bob, team, "Is anybody here?")
    assert ids(alice) == [chat]
    assert ids(alice, filter="archived") == ids(alice, search="teA") == [team]
    assert ids(bob) == [team, chat]


def test_a_filter_and_a_search_keep_what_they_name(alice, bob, chat, team):
    assert ids(alice, filter="groups") == [team]
    assert ids(alice, filter="unread") == []
    say(bob, chat)
    assert ids(alice, filter="unread") == [chat]
    assert ids(bob, filter="unread") == []
    assert ids(alice, search=" BO ") == [chat]
    assert ids(bob, search="bob") == [], "one's own name is no name of a conversation"
    assert ids(alice, search="bo", filter="groups") == ids(alice, search="%") == []


def test_who_left_has_no_unread_of_what_came_after(alice, bob, team):
    mark_read(actor=bob, conversation_id=team)
    leave(actor=bob, conversation_id=team)
    say(alice, team, "After")
    assert ids(bob, filter="unread") == []
