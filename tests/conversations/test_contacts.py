"""Contacts: people whom I may write to."""

from accounts.models import Block, ChatPermission
from conversations.services.contacts import contacts
from conversations.services.conversations import create_group, get_or_create_direct
from tests.cast import person


def names(actor, search=""):
    return [one.display_name for one in contacts(actor=actor, search=search)]


def test_everybody_of_the_organization_by_name_but_oneself(alice, bob, carol, gus):
    assert names(alice) == ["Bob", "Carol", "Gus"]
    assert names(bob) == ["Alice", "Carol", "Gus"]


def test_by_part_of_a_name_or_address_in_any_case(alice, bob, carol):
    assert names(alice, "BO") == ["Bob"]
    assert names(alice, "carol@acme") == ["Carol"]
    assert names(alice, "nobody") == []


def test_what_looks_like_a_pattern_is_text(alice, bob):
    assert names(alice, "%") == names(alice, "_ob") == []


def test_a_guest_has_those_who_wrote_first_or_share_a_group(alice, bob, carol, gus):
    assert names(gus) == []
    get_or_create_direct(actor=bob, target_user_id=gus.pk)
    assert names(gus) == ["Bob"]
    create_group(actor=alice, title="Team", member_ids=[gus.pk])
    assert names(gus) == ["Alice", "Bob"]


def test_the_organizations_table_decides(alice, bob, carol, acme):
    ChatPermission.objects.create(
        organization=acme, initiator_role="member", target_role="owner", allowed=False
    )
    assert names(bob) == ["Carol"]
    assert names(alice) == ["Bob", "Carol"]


def test_nobody_over_a_block_and_nobody_who_is_gone(alice, bob, carol):
    Block.objects.create(blocker=bob, blocked=alice)
    carol.is_active = False
    carol.save()
    assert names(alice) == names(bob) == []


def test_mallory_is_nobodys_contact(alice, bob, mallory, globex):
    person("Max", globex)
    assert names(alice) == ["Bob"]
    assert names(mallory) == ["Max"]
    assert names(mallory, "bob") == []
