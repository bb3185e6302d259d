from chatproject.errors import Forbidden, NotFound
from conversations.models import Participant
from conversations.services.conversations import create_group
from conversations.services.members import change_role, leave
from tests.conversations.steps import nothing_happens, place_of, refused, say, texts_seen_by


def test_who_leaves_keeps_the_history_and_gets_nothing_after(alice, bob, team, published):
    leave(actor=bob, conversation_id=team)
    published.forget()
    say(alice, team, "After")
    assert published.to(bob) == []
    assert texts_seen_by(bob, team) == ["groupCreated", "memberLeft"]


def test_everybody_is_told_the_one_who_left_too(alice, bob, carol, team, published):
    published.forget()
    leave(actor=bob, conversation_id=team)
    everybody = [alice.pk, bob.pk, carol.pk]
    assert [(event.name, sorted(to)) for event, to in published.all] == [
        ("conversationUpdated", everybody),
        ("newMessage", everybody),
    ]


def test_the_last_administrator_hands_over_to_the_longest_member(
    alice, bob, carol, team, published
):
    published.forget()
    leave(actor=alice, conversation_id=team)
    assert place_of(bob, team).role == Participant.Role.ADMIN
    assert place_of(carol, team).role == Participant.Role.MEMBER
    (updated,) = published.named("conversationUpdated")
    changed = {one.user.id: (one.role, one.is_current) for one in updated.participants}
    assert changed == {alice.pk: ("member", False), bob.pk: ("admin", True)}


def test_one_of_several_administrators_hands_over_to_nobody(alice, bob, carol, team):
    change_role(actor=alice, conversation_id=team, user_id=carol.pk, role="admin")
    leave(actor=alice, conversation_id=team)
    assert place_of(bob, team).role == Participant.Role.MEMBER


def test_the_last_member_may_leave_an_empty_group(alice):
    group = create_group(actor=alice, title="Alone", member_ids=[]).conversation_id
    leave(actor=alice, conversation_id=group)
    assert not place_of(alice, group).is_current


def test_nobody_leaves_twice(bob, team, published):
    leave(actor=bob, conversation_id=team)
    with nothing_happens(published, team), refused(Forbidden, "not_a_member"):
        leave(actor=bob, conversation_id=team)


def test_a_direct_conversation_cannot_be_left(alice, chat, published):
    with nothing_happens(published, chat), refused(Forbidden, "not_a_group"):
        leave(actor=alice, conversation_id=chat)


def test_mallory_finds_no_such_group(mallory, team, published):
    with nothing_happens(published, team), refused(NotFound):
        leave(actor=mallory, conversation_id=team)
