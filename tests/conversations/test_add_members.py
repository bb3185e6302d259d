"""Joining: from the line that tells of it on. What was said before, or while away, stays hidden."""

from accounts.models import Block
from accounts.services.profiles import update_privacy
from chatproject.errors import Forbidden, Invalid, NotFound
from conversations.models import Participant
from conversations.services import members as service
from conversations.services.conversations import create_group
from conversations.services.members import add_members, leave, remove_member
from notifications.models import Notification
from tests.conversations.steps import (
    nothing_happens,
    place_of,
    refused,
    say,
    texts_seen_by,
    unread_of,
)


def test_a_newcomer_sees_nothing_of_before(alice, bob, carol):
    group = create_group(actor=alice, title="Team", member_ids=[bob.pk]).conversation_id
    say(alice, group, "Before")
    (joined,) = add_members(actor=alice, conversation_id=group, user_ids=[carol.pk])
    say(alice, group, "After")
    assert joined.user == carol
    assert texts_seen_by(carol, group) == ["memberAdded", "After"]
    assert texts_seen_by(bob, group) == ["groupCreated", "Before", "memberAdded", "After"]
    assert place_of(carol, group).absences == [[1, 2]]


def test_everybody_is_told_and_the_newcomer_notified(alice, bob, carol, published):
    group = create_group(actor=alice, title="Team", member_ids=[bob.pk]).conversation_id
    published.forget()
    add_members(actor=alice, conversation_id=group, user_ids=[carol.pk])
    told = [(event.name, sorted(to)) for event, to in published.all if event.name[:3] != "not"]
    everybody = [alice.pk, bob.pk, carol.pk]
    assert told[:2] == [("conversationUpdated", everybody), ("newMessage", everybody)]
    updated = published.all[0][0]
    assert [one.user.id for one in updated.participants] == [carol.pk]
    assert updated.conversation.member_count == 3
    assert Notification.objects.filter(user=carol, kind="added_to_group").count() == 1


def test_what_was_said_while_away_stays_hidden_after_coming_back(alice, bob, carol, team):
    say(alice, team, "Together")
    remove_member(actor=alice, conversation_id=team, user_id=carol.pk)
    say(alice, team, "Without her")
    add_members(actor=alice, conversation_id=team, user_ids=[carol.pk])
    say(alice, team, "Together again")
    assert texts_seen_by(carol, team) == [
        "groupCreated", "Together", "memberRemoved", "memberAdded", "Together again",
    ]  # fmt: skip


def test_coming_back_twice_hides_both_absences(alice, bob, carol, team):
    for word in ("first", "second"):
        leave(actor=carol, conversation_id=team)
        say(alice, team, f"Missed the {word} time")
        add_members(actor=alice, conversation_id=team, user_ids=[carol.pk])
    assert texts_seen_by(carol, team) == [
        "groupCreated", "memberLeft", "memberAdded", "memberLeft", "memberAdded",
    ]  # fmt: skip
    assert len(place_of(carol, team).absences) == 2


def test_coming_back_at_once_hides_nothing(alice, carol, team):
    leave(actor=carol, conversation_id=team)
    add_members(actor=alice, conversation_id=team, user_ids=[carol.pk])
    assert place_of(carol, team).absences == []
    assert texts_seen_by(carol, team) == ["groupCreated", "memberLeft", "memberAdded"]


def test_nothing_missed_counts_as_unread(alice, bob, carol, team):
    leave(actor=carol, conversation_id=team)
    say(alice, team, "Missed")
    add_members(actor=alice, conversation_id=team, user_ids=[carol.pk])
    say(alice, team, "Not missed")
    assert unread_of(carol, team) == 1


def test_an_administrator_who_comes_back_is_an_ordinary_member(alice, bob, team):
    leave(actor=alice, conversation_id=team)
    (back,) = add_members(actor=bob, conversation_id=team, user_ids=[alice.pk])
    assert back.role == Participant.Role.MEMBER


def test_whoever_is_in_it_already_is_not_added_again(alice, bob, team, published):
    with nothing_happens(published, team):
        assert add_members(actor=alice, conversation_id=team, user_ids=[bob.pk]) == []


def test_an_ordinary_member_may_not(bob, gus, team, published):
    with nothing_happens(published, team), refused(Forbidden, "not_an_admin"):
        add_members(actor=bob, conversation_id=team, user_ids=[gus.pk])


def test_a_direct_conversation_stays_one_of_two(alice, carol, chat, published):
    with nothing_happens(published, chat), refused(Forbidden, "not_an_admin"):
        add_members(actor=alice, conversation_id=chat, user_ids=[carol.pk])


def test_nobody_is_added_over_a_block(alice, gus, team, published):
    Block.objects.create(blocker=gus, blocked=alice)
    with nothing_happens(published, team), refused(Forbidden, "cannot_add"):
        add_members(actor=alice, conversation_id=team, user_ids=[gus.pk])


def test_a_full_group_takes_nobody(alice, gus, team, published, monkeypatch):
    monkeypatch.setattr(service, "MAX_GROUP_MEMBERS", 3)
    with nothing_happens(published, team), refused(Invalid):
        add_members(actor=alice, conversation_id=team, user_ids=[gus.pk])


def test_mallory_gets_in_neither_by_herself_nor_by_alice(alice, mallory, team, published):
    with nothing_happens(published, team):
        with refused(NotFound):
            add_members(actor=mallory, conversation_id=team, user_ids=[mallory.pk])
        with refused(NotFound):
            add_members(actor=alice, conversation_id=team, user_ids=[mallory.pk])


def test_who_lets_nobody_add_them_is_neither_offered_nor_added(
    alice, bob, carol, gus, browser_of, published
):
    group = create_group(actor=alice, title="Team", member_ids=[bob.pk]).conversation_id
    update_privacy(actor=carol, groups="nobody")
    with nothing_happens(published, group), refused(Forbidden, "cannot_add"):
        add_members(actor=alice, conversation_id=group, user_ids=[carol.pk])
    with refused(Forbidden, "cannot_add"):
        create_group(actor=alice, title="Another", member_ids=[carol.pk])
    update_privacy(actor=gus, groups="contacts")
    for address in ("/new/group", f"/c/{group}/info/members"):
        offered = browser_of(alice).get(address).content.decode()
        for person in (carol, gus):
            assert f'_ids" value="{person.pk}"' not in offered, address
    assert f'_ids" value="{bob.pk}"' in browser_of(alice).get("/new/group").content.decode()
    update_privacy(actor=carol, groups="contacts")
    (joined,) = add_members(actor=alice, conversation_id=group, user_ids=[carol.pk])
    assert joined.user == carol
