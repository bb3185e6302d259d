from chatproject.errors import Forbidden, NotFound
from conversations.models import Conversation
from conversations.services.conversations import rename_group
from conversations.services.members import leave
from tests.conversations.steps import nothing_happens, refused, texts_seen_by


def test_everybody_is_told_and_a_line_says_so(alice, bob, carol, team, published):
    published.forget()
    rename_group(actor=alice, conversation_id=team, title="Crew")
    assert Conversation.objects.get(pk=team).title == "Crew"
    assert texts_seen_by(bob, team)[-1] == "titleChanged"
    assert [(event.name, sorted(to)) for event, to in published.all] == [
        ("conversationUpdated", [alice.pk, bob.pk, carol.pk]),
        ("newMessage", [alice.pk, bob.pk, carol.pk]),
    ]
    updated, line = (event for event, _to in published.all)
    assert updated.conversation.title == line.system.title == "Crew"
    assert updated.conversation.version == line.version


def test_the_same_title_again_is_nothing_new(alice, team, published):
    with nothing_happens(published, team):
        rename_group(actor=alice, conversation_id=team, title="Team")


def test_an_ordinary_member_may_not(bob, team, published):
    with nothing_happens(published, team), refused(Forbidden):
        rename_group(actor=bob, conversation_id=team, title="Mine")


def test_a_direct_conversation_has_no_title(alice, chat, published):
    with nothing_happens(published, chat), refused(Forbidden):
        rename_group(actor=alice, conversation_id=chat, title="Us")


def test_who_left_may_not(alice, team, published):
    leave(actor=alice, conversation_id=team)
    with nothing_happens(published, team), refused(Forbidden):
        rename_group(actor=alice, conversation_id=team, title="Mine")


def test_mallory_finds_no_such_group(mallory, team, published):
    with nothing_happens(published, team), refused(NotFound):
        rename_group(actor=mallory, conversation_id=team, title="Mine")
