"""A group has a title, its creator as administrator, and those whom the creator may write to."""

import pytest

from accounts.models import Block
from chatproject.errors import Forbidden, Invalid, NotFound
from conversations.models import Conversation, Participant
from conversations.services import conversations as service
from conversations.services.conversations import create_group
from notifications.models import Notification
from tests.conversations.steps import refused, texts_seen_by, unread_of


def test_everybody_is_in_it_from_its_first_line_on(alice, bob, carol, published):
    place = create_group(actor=alice, title="Team", member_ids=[bob.pk, carol.pk])
    assert (place.user, place.role) == (alice, Participant.Role.ADMIN)
    roles = place.conversation.participants.values_list("user", "role")
    assert dict(roles) == {alice.pk: "admin", bob.pk: "member", carol.pk: "member"}
    assert texts_seen_by(bob, place.conversation_id) == ["groupCreated"]
    for person in (alice, bob, carol):
        names = [event.name for event in published.to(person)]
        assert names[:2] == ["conversationUpdated", "newMessage"]


def test_the_others_are_notified_and_the_line_is_nobodys_unread_message(alice, bob, published):
    place = create_group(actor=alice, title="Team", member_ids=[bob.pk])
    assert [note.user for note in Notification.objects.all()] == [bob]
    assert unread_of(bob, place.conversation_id) == 0


def test_naming_oneself_or_somebody_twice_makes_no_difference(alice, bob):
    place = create_group(actor=alice, title="Team", member_ids=[bob.pk, bob.pk, alice.pk])
    assert place.conversation.participants.count() == 2


def test_two_groups_may_have_one_title(alice):
    one = create_group(actor=alice, title="Team", member_ids=[])
    other = create_group(actor=alice, title="Team", member_ids=[])
    assert one.conversation_id != other.conversation_id


def test_a_guest_makes_none(gus, bob):
    with refused(Forbidden):
        create_group(actor=gus, title="Team", member_ids=[bob.pk])


def test_nobody_is_put_into_a_group_over_a_block(alice, bob):
    Block.objects.create(blocker=bob, blocked=alice)
    with refused(Forbidden, "cannot_add"):
        create_group(actor=alice, title="Team", member_ids=[bob.pk])
    assert not Conversation.objects.exists()


def test_a_group_has_room_for_so_many(alice, bob, carol, monkeypatch):
    monkeypatch.setattr(service, "MAX_GROUP_MEMBERS", 2)
    assert create_group(actor=alice, title="Team", member_ids=[bob.pk])
    with refused(Invalid):
        create_group(actor=alice, title="Team", member_ids=[bob.pk, carol.pk])


@pytest.mark.parametrize("whose", ["another organization", "nobody", "somebody who is gone"])
def test_whoever_is_not_there_cannot_be_added_and_no_event_goes_out(
    alice, bob, mallory, published, whose
):
    bob.is_active = False
    bob.save()
    ids = {"another organization": mallory.pk, "nobody": 999_999, "somebody who is gone": bob.pk}
    with refused(NotFound):
        create_group(actor=alice, title="Team", member_ids=[ids[whose]])
    assert published.all == []
    assert not Conversation.objects.exists()
