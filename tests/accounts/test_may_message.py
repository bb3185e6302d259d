from accounts.models import ChatPermission
from accounts.policies import contacts_of, may_message
from accounts.services import profiles


def test_everybody_but_guests_may_write_to_everybody(alice, bob, gus):
    assert may_message(alice, bob)
    assert may_message(bob, gus)
    assert not may_message(gus, bob)
    assert not may_message(alice, alice)


def test_nobody_writes_over_the_wall_to_the_blocked_or_to_the_gone(alice, bob, carol, mallory):
    profiles.block(actor=alice, person=bob)
    carol.is_active = False
    assert not may_message(alice, bob)
    assert not may_message(bob, alice)
    assert not may_message(alice, carol)
    assert not may_message(carol, alice)
    assert not may_message(alice, mallory)
    assert not may_message(mallory, alice)


def test_administrators_edit_the_table(alice, bob, gus):
    for who, whom, allowed in (("guest", "member", True), ("member", "owner", False)):
        ChatPermission.objects.create(
            organization=bob.organization, initiator_role=who, target_role=whom, allowed=allowed
        )
    assert may_message(gus, bob)
    assert not may_message(bob, alice)
    assert may_message(alice, bob)


def test_contacts_are_exactly_those_whom_one_may_write_to(
    acme, alice, bob, carol, gus, mallory, django_assert_max_num_queries
):
    profiles.block(actor=alice, person=bob)
    carol.is_active = False
    carol.save()
    everybody = [alice, bob, carol, gus, mallory]
    for viewer in (alice, bob, gus, mallory):
        with django_assert_max_num_queries(2):
            contacts = set(contacts_of(viewer))
        assert contacts == {other for other in everybody if may_message(viewer, other)}
    assert set(contacts_of(alice)) == {gus}
