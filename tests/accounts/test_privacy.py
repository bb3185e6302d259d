from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import ChatPermission, User
from accounts.models.privacy import Audience
from accounts.privacy import (
    BLOCKED,
    EVERYTHING,
    NOTHING,
    Sight,
    gives_read_receipts,
    may_see_about,
    may_see_last_seen,
    may_see_online,
    may_see_photo,
    sight,
    sights_from,
    sights_of,
)
from accounts.services import profiles
from tests.cast import person

ASKS: dict[Any, Callable[[User, User], bool]] = {
    "last_seen": may_see_last_seen,
    "online": may_see_online,
    "photo": may_see_photo,
    "about": may_see_about,
}


@pytest.mark.parametrize("thing", ASKS)
def test_hiding_yours_hides_others_from_you(alice, bob, carol, thing):
    ask = ASKS[thing]
    assert ask(bob, alice)
    hidden: dict[str, Any] = {thing: Audience.NOBODY}
    profiles.update_privacy(actor=alice, **hidden)
    assert not ask(bob, alice)
    assert not ask(alice, bob)
    assert ask(alice, alice)
    assert ask(carol, bob)
    for other in ASKS.keys() - {thing}:
        assert ASKS[other](bob, alice)


def test_contacts_are_those_whom_i_may_write_to(alice, bob, gus):
    """Members may write to guests, guests to nobody."""
    profiles.update_privacy(actor=bob, online=Audience.CONTACTS)
    assert may_see_online(alice, bob)
    assert may_see_online(gus, bob)
    profiles.update_privacy(actor=gus, online=Audience.CONTACTS)
    assert not may_see_online(bob, gus)
    assert not may_see_online(gus, bob)


def test_the_organizations_table_decides_who_is_a_contact(alice, bob):
    profiles.update_privacy(actor=bob, last_seen=Audience.CONTACTS)
    ChatPermission.objects.create(
        organization=bob.organization, initiator_role="member", target_role="owner", allowed=False
    )
    assert not may_see_last_seen(alice, bob)
    assert may_see_online(alice, bob)


def test_nobody_sees_anything_over_a_block_or_the_wall(alice, bob, mallory):
    profiles.block(actor=alice, person=bob)
    assert (sight(alice, bob), sight(bob, alice)) == (BLOCKED, NOTHING)
    assert sight(alice, mallory) == sight(mallory, alice) == NOTHING
    profiles.unblock(actor=alice, person=bob)
    assert sight(bob, alice) == EVERYTHING


def test_the_deactivated_are_not_here_but_keep_their_face(alice, bob):
    bob.is_active = False
    assert sight(alice, bob) == Sight(last_seen=False, online=False, photo=True, about=True)


def test_read_receipts_need_both(alice, bob, carol):
    assert gives_read_receipts(alice, bob)
    profiles.update_privacy(actor=bob, read_receipts=False)
    assert not gives_read_receipts(alice, bob)
    assert not gives_read_receipts(bob, alice)
    assert gives_read_receipts(alice, carol)


def test_many_at_once_see_the_same_in_three_queries(
    acme, alice, bob, carol, gus, mallory, django_assert_max_num_queries
):
    for number in range(20):
        person(f"Person{number}", acme)
    profiles.update_privacy(actor=carol, online=Audience.NOBODY)
    profiles.update_privacy(actor=gus, photo=Audience.CONTACTS)
    profiles.block(actor=bob, person=alice)
    everybody = [*acme.people.all(), mallory]
    for viewer in everybody:
        with django_assert_max_num_queries(3):
            of = sights_of(viewer, everybody)
        with django_assert_max_num_queries(3):
            from_ = sights_from(everybody, viewer)
        for other in (alice, bob, carol, gus, mallory):
            assert of[other.pk] == sight(viewer, other)
            assert from_[other.pk] == sight(other, viewer)
