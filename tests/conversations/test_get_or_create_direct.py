"""A direct conversation is one per pair, however often and by whomever it is begun."""

from functools import partial

import pytest

from accounts.models import Block
from chatproject.errors import Forbidden, Invalid, NotFound
from conversations.models import Conversation, Participant
from conversations.services.conversations import create_group, get_or_create_direct
from tests.conversations.steps import refused, say
from tests.threads import at_once


def test_both_are_in_it_and_both_are_told(alice, bob, published):
    place, created = get_or_create_direct(actor=alice, target_user_id=bob.pk)
    assert created
    assert place.user == alice
    (event,) = published.named("conversationUpdated")
    assert published.to(alice) == published.to(bob) == [event]
    assert event.conversation.version == 1
    assert {one.user.id for one in event.participants} == {alice.pk, bob.pk}


def test_either_side_finds_the_same_and_nobody_is_told_again(alice, bob, chat, published):
    published.forget()
    place, created = get_or_create_direct(actor=bob, target_user_id=alice.pk)
    assert (place.conversation_id, created) == (chat, False)
    assert place.user == bob
    assert published.all == []


@pytest.mark.django_db(transaction=True)
def test_both_at_once_meet_in_one(alice, bob, published):
    begin = [
        partial(get_or_create_direct, actor=actor, target_user_id=target.pk)
        for actor, target in [(alice, bob), (bob, alice)] * 4
    ]
    answers = at_once(*begin)
    assert len({place.conversation_id for place, _created in answers}) == 1
    assert [created for _place, created in answers].count(True) == 1
    assert Conversation.objects.count() == 1
    assert Participant.objects.count() == 2
    assert published.names == ["conversationUpdated"]


def test_nobody_begins_one_with_themselves(alice):
    with refused(Invalid, "same_person"):
        get_or_create_direct(actor=alice, target_user_id=alice.pk)


def test_a_guest_begins_none_but_answers_whoever_wrote_first(gus, bob):
    with refused(Forbidden, "cannot_message"):
        get_or_create_direct(actor=gus, target_user_id=bob.pk)
    place, _created = get_or_create_direct(actor=bob, target_user_id=gus.pk)
    found, created = get_or_create_direct(actor=gus, target_user_id=bob.pk)
    assert (found.conversation_id, created) == (place.conversation_id, False)
    assert say(gus, place.conversation_id).seq == 1


def test_a_guest_begins_one_with_whoever_shares_a_group(alice, gus, bob):
    create_group(actor=alice, title="Team", member_ids=[gus.pk, bob.pk])
    _place, created = get_or_create_direct(actor=gus, target_user_id=bob.pk)
    assert created


@pytest.mark.parametrize("blocker_is_actor", [True, False])
def test_over_a_block_none_begins(alice, bob, blocker_is_actor):
    pair = (alice, bob) if blocker_is_actor else (bob, alice)
    Block.objects.create(blocker=pair[0], blocked=pair[1])
    with refused(Forbidden, "cannot_message"):
        get_or_create_direct(actor=alice, target_user_id=bob.pk)
    assert not Conversation.objects.exists()


def test_with_somebody_deactivated_none_begins_but_the_old_one_is_found(alice, bob, carol, chat):
    for gone in (bob, carol):
        gone.is_active = False
        gone.save()
    assert get_or_create_direct(actor=alice, target_user_id=bob.pk)[0].conversation_id == chat
    with refused(Forbidden, "cannot_message"):
        get_or_create_direct(actor=alice, target_user_id=carol.pk)


def test_mallory_finds_nobody_to_begin_with_and_no_event_goes_out(alice, mallory, published):
    with refused(NotFound):
        get_or_create_direct(actor=mallory, target_user_id=alice.pk)
    with refused(NotFound):
        get_or_create_direct(actor=alice, target_user_id=mallory.pk)
    assert published.all == []
    assert not Conversation.objects.exists()
