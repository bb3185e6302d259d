"""Presence, as its viewer may know it."""

from collections.abc import Callable, Iterator

import pytest

from accounts import presence
from accounts.models import Block, PrivacySettings, User
from chatproject.errors import NotFound
from conversations.services.contacts import online_status, online_status_of, online_status_of_one
from conversations.services.conversations import get_or_create_direct
from conversations.services.status import announce_statuses
from tests.conversations.steps import refused


@pytest.fixture
def online() -> Iterator[Callable[..., None]]:
    """`online(alice)` connects a device of hers."""
    connected = []

    def connect(*users: User) -> None:
        for user in users:
            connection_id = f"device-of-{user.pk}"
            presence.connect(user_id=user.pk, connection_id=connection_id)
            connected.append(connection_id)

    yield connect
    for connection_id in connected:
        presence.disconnect(connection_id=connection_id)


def sees_online(viewer: User, subject: User) -> bool:
    return online_status_of_one(actor=viewer, user_id=subject.pk).is_online


def set_privacy(user: User, **audiences: str) -> None:
    PrivacySettings.objects.filter(user=user).update(**audiences)


def test_who_is_connected_is_online(alice, bob, carol, online):
    online(bob)
    statuses = {one.user_id: one.is_online for one in online_status(actor=alice)}
    assert statuses == {bob.pk: True, carol.pk: False}


def test_of_several_at_once_and_of_oneself(alice, bob, online):
    online(alice)
    found = online_status_of(actor=alice, user_ids=[alice.pk, bob.pk, 999_999])
    assert [(one.user_id, one.is_online) for one in found] == [(alice.pk, True), (bob.pk, False)]


def test_who_hides_it_is_seen_offline_and_sees_nobody(alice, bob, online):
    online(alice, bob)
    set_privacy(bob, online="nobody", last_seen="nobody")
    assert not sees_online(alice, bob)
    assert not sees_online(bob, alice)
    assert online_status_of_one(actor=alice, user_id=bob.pk).last_seen_at is None


def test_contacts_are_those_whom_the_subject_may_write_to(alice, bob, gus, online):
    online(alice, gus)
    set_privacy(gus, online="contacts")
    assert not sees_online(alice, gus)
    set_privacy(alice, online="contacts")
    set_privacy(gus, online="everyone")
    assert sees_online(gus, alice)


def test_over_a_block_nobody_is_seen(alice, bob, online):
    online(alice, bob)
    Block.objects.create(blocker=alice, blocked=bob)
    assert not sees_online(alice, bob)
    assert not sees_online(bob, alice)


def test_told_to_those_who_share_a_conversation_and_may_see(alice, bob, carol, online, published):
    for person in (alice, carol):
        get_or_create_direct(actor=bob, target_user_id=person.pk)
    set_privacy(carol, online="nobody", last_seen="nobody")
    online(bob)
    published.forget()
    announce_statuses(user_ids=[bob.pk])
    ((event, to),) = published.all
    assert (event.name, event.user_id, event.is_online, to) == (
        "userStatusChanged",
        bob.pk,
        True,
        [alice.pk],
    )


def test_who_shares_no_conversation_is_told_nothing(alice, bob, online, published):
    online(bob)
    announce_statuses(user_ids=[bob.pk])
    announce_statuses(user_ids=[999_999])
    assert published.all == []


def test_mallory_finds_nobody(alice, bob, mallory, online, published):
    online(bob)
    with refused(NotFound):
        online_status_of_one(actor=mallory, user_id=bob.pk)
    assert online_status_of(actor=mallory, user_ids=[alice.pk, bob.pk]) == []
    assert online_status(actor=mallory) == []
    announce_statuses(user_ids=[bob.pk])
    assert published.to(mallory) == []
