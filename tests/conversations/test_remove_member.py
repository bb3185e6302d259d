from chatproject.errors import Conflict, Forbidden, NotFound
from chatproject.events import ConversationsQuery
from conversations.models import Message
from conversations.services.listing import conversation_in_full, page_of_conversations
from conversations.services.members import remove_member
from conversations.services.messages import edit_message
from tests.conversations.steps import nothing_happens, place_of, refused, say, texts_seen_by


def test_who_is_removed_keeps_the_history_and_gets_nothing_after(
    alice, bob, carol, team, published
):
    say(alice, team, "Before")
    remove_member(actor=alice, conversation_id=team, user_id=bob.pk)
    published.forget()
    after = say(alice, team, "After")
    edit_message(actor=alice, conversation_id=team, message_id=after.id, content="Later")
    assert published.to(bob) == []
    assert texts_seen_by(bob, team) == ["groupCreated", "Before", "memberRemoved"]
    assert texts_seen_by(carol, team)[-1] == "Later"


def test_they_are_told_of_it_once(alice, bob, carol, team, published):
    published.forget()
    remove_member(actor=alice, conversation_id=team, user_id=bob.pk)
    assert [event.name for event in published.to(bob)] == ["conversationUpdated", "newMessage"]
    (updated,) = published.named("conversationUpdated")
    (gone,) = updated.participants
    assert (gone.user.id, gone.is_current) == (bob.pk, False)
    assert updated.conversation.member_count == 2
    assert place_of(bob, team).left_seq == Message.objects.get(system__event="memberRemoved").seq


def test_their_list_and_their_view_stay_as_they_were(alice, bob, carol, team):
    remove_member(actor=alice, conversation_id=team, user_id=bob.pk)
    then = conversation_in_full(actor=bob, conversation_id=team)
    say(alice, team, "After")
    (row,) = page_of_conversations(actor=bob, query=ConversationsQuery()).conversations
    assert (row.is_member, row.can_post, row.unread_count) == (False, False, 0)
    assert row.last_message is not None and row.last_message.system is not None
    assert row.last_message.system.event == "memberRemoved"
    assert conversation_in_full(actor=bob, conversation_id=team).version == then.version


def test_one_does_not_remove_oneself(alice, team, published):
    with nothing_happens(published, team), refused(Conflict, "use_leave"):
        remove_member(actor=alice, conversation_id=team, user_id=alice.pk)


def test_an_ordinary_member_removes_nobody(bob, carol, team, published):
    with nothing_happens(published, team), refused(Forbidden, "not_an_admin"):
        remove_member(actor=bob, conversation_id=team, user_id=carol.pk)


def test_who_is_no_member_cannot_be_removed(alice, bob, gus, team, published):
    remove_member(actor=alice, conversation_id=team, user_id=bob.pk)
    with nothing_happens(published, team):
        for nobody in (bob, gus):
            with refused(NotFound):
                remove_member(actor=alice, conversation_id=team, user_id=nobody.pk)


def test_mallory_finds_no_such_group(bob, mallory, team, published):
    with nothing_happens(published, team), refused(NotFound):
        remove_member(actor=mallory, conversation_id=team, user_id=bob.pk)
