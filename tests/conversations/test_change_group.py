"""What a group is: changed by its administrators, told by a line and an event."""

import pytest

from chatproject.errors import Forbidden, NotFound
from chatproject.events import GroupBody
from conversations.models import Conversation
from conversations.services.groups import change_group
from conversations.services.members import leave
from tests.conversations.steps import nothing_happens, refused, texts_seen_by


def change(actor, conversation_id, **changes):
    body = GroupBody(**changes)
    return change_group(actor=actor, conversation_id=conversation_id, changes=body)


def test_everybody_is_told_and_a_line_says_so(alice, bob, carol, team, published):
    published.forget()
    change(alice, team, title="Crew")
    assert Conversation.objects.get(pk=team).title == "Crew"
    assert texts_seen_by(bob, team)[-1] == "titleChanged"
    assert [(event.name, sorted(to)) for event, to in published.all] == [
        ("conversationUpdated", [alice.pk, bob.pk, carol.pk]),
        ("newMessage", [alice.pk, bob.pk, carol.pk]),
    ]
    updated, line = (event for event, _to in published.all)
    assert updated.conversation.title == line.system.title == "Crew"
    assert updated.conversation.version == line.version


def test_several_changes_leave_a_line_and_a_version_each(alice, bob, team, published):
    published.forget()
    change(alice, team, title="Crew", description="All aboard", who_may_post="admins")
    lines = ["titleChanged", "descriptionChanged", "postingChanged"]
    assert texts_seen_by(bob, team)[-3:] == lines
    updates = published.named("conversationUpdated")
    versions = [event.conversation.version for event in updates]
    assert versions == list(range(versions[0], versions[0] + 3))
    last = updates[-1].conversation
    assert (last.title, last.description, last.who_may_post) == ("Crew", "All aboard", "admins")
    posting = published.named("newMessage")[-1].system
    assert (posting.who_may_post, posting.title) == ("admins", None)


def test_what_is_so_already_is_nothing_new(alice, team, published):
    with nothing_happens(published, team):
        change(alice, team, title="Team", description="", who_may_post="everyone")
        change(alice, team)


@pytest.mark.parametrize(
    "changes", [{"title": "Mine"}, {"description": "Mine"}, {"who_may_post": "admins"}]
)
def test_an_ordinary_member_may_not(bob, team, published, changes):
    with nothing_happens(published, team), refused(Forbidden, "not_an_admin"):
        change(bob, team, **changes)


def test_a_direct_conversation_is_nothing_of_this(alice, chat, published):
    with nothing_happens(published, chat), refused(Forbidden):
        change(alice, chat, title="Us", who_may_post="admins")


def test_who_left_may_not(alice, team, published):
    leave(actor=alice, conversation_id=team)
    with nothing_happens(published, team), refused(Forbidden):
        change(alice, team, title="Mine")


def test_outsiders_find_no_such_group(gus, mallory, team, published):
    for outsider in (gus, mallory):
        with nothing_happens(published, team), refused(NotFound):
            change(outsider, team, title="Mine")


def test_by_rest(api, alice, bob, team):
    path = f"/api/chat/conversations/{team}"
    answer = api(alice).patch(path, {"description": "All aboard", "whoMayPost": "admins"}).json()
    assert (answer["title"], answer["description"]) == ("Team", "All aboard")
    assert (answer["whoMayPost"], answer["canPost"]) == ("admins", True)
    assert api(bob).get(path).json()["canPost"] is False
    assert api(alice).patch(path, {"whoMayPost": "nobody"}).status_code == 400
    assert api(alice).patch(path, {"description": "x" * 501}).status_code == 400
