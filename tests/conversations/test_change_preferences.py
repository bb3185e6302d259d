"""Pinning, archiving and muting: for oneself alone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chatproject.errors import NotFound
from chatproject.events import Preferences
from conversations.models.participant import ALWAYS
from conversations.services.members import leave
from conversations.services.sync import sync
from tests.conversations.steps import keep, nothing_happens, place_of, refused, version_of


def test_only_the_own_devices_are_told_and_no_version_is_given(alice, bob, chat, published):
    published.forget()
    version = version_of(chat)
    place = keep(alice, chat, pinned=True, mute="always")
    assert (place.pinned_at is not None, place.muted_until) == (True, ALWAYS)
    ((event, told),) = published.all
    assert (event.name, told, event.conversation_id) == ("preferencesChanged", [alice.pk], chat)
    assert (event.pinned_at, event.muted_until) == (place.pinned_at, ALWAYS)
    assert version_of(chat) == version
    assert not place_of(bob, chat).has_preferences


def test_what_is_so_already_is_told_to_nobody(alice, chat, published):
    keep(alice, chat, archived=True, mute="always")
    with nothing_happens(published, chat):
        keep(alice, chat, archived=True, mute="always")
        keep(alice, chat)


def test_archiving_unpins_and_pinning_takes_out_of_the_archive(alice, chat):
    keep(alice, chat, pinned=True)
    place = keep(alice, chat, archived=True)
    assert (place.pinned_at, place.archived_at is not None) == (None, True)
    place = keep(alice, chat, pinned=True)
    assert (place.pinned_at is not None, place.archived_at) == (True, None)


@pytest.mark.parametrize(
    ("mute", "span"), [("eightHours", timedelta(hours=8)), ("oneWeek", timedelta(weeks=1))]
)
def test_muting_ends_by_itself(alice, chat, mute, span):
    now = timezone.now()
    place = keep(alice, chat, mute=mute)
    until = place.muted_until
    assert until is not None
    assert timedelta() <= until - now - span < timedelta(minutes=1)
    assert place.is_muted(at=now)
    assert not place.is_muted(at=until)
    assert not keep(alice, chat, mute="off").is_muted(at=now)


def test_a_device_that_was_away_is_told_by_sync(alice, chat, team):
    held = {chat: version_of(chat), team: version_of(team)}
    place = keep(alice, chat, archived=True)
    answer = sync(actor=alice, held=held)
    assert answer.conversations == []
    told = Preferences(pinned_at=None, archived_at=place.archived_at, muted_until=None, level="all")
    assert answer.preferences == {chat: told}


def test_who_left_may_still_put_it_away(alice, bob, team):
    leave(actor=bob, conversation_id=team)
    assert keep(bob, team, archived=True).archived_at


def test_outsiders_find_no_such_conversation(carol, mallory, chat, published):
    for outsider in (carol, mallory):
        with nothing_happens(published, chat), refused(NotFound):
            keep(outsider, chat, pinned=True)


def test_by_rest(api, alice, chat):
    path = f"/api/chat/conversations/{chat}/preferences"
    answer = api(alice).patch(path, {"pinned": True, "mute": "always"})
    assert answer.status_code == 200
    assert answer.json()["mutedUntil"] == "9999-01-01T00:00:00.000Z"
    row = api(alice).get("/api/chat/conversations").json()["conversations"][0]
    assert row["pinnedAt"] == answer.json()["pinnedAt"] is not None
    assert api(alice).patch(path, {"mute": "an hour"}).status_code == 400


def test_how_loud_it_is_stays_until_it_is_changed(api, alice, bob, chat):
    url = f"/api/chat/conversations/{chat}/preferences"
    client = api(bob)
    assert client.patch(url, {"level": "mentions"}).json()["level"] == "mentions"
    assert client.patch(url, {"mute": "always"}).json()["level"] == "mentions"
    assert api(alice).patch(url, {"pinned": True}).json()["level"] == "all"
    assert client.patch(url, {"level": "loud"}).status_code == 400
