from chatproject.errors import Conflict, Forbidden, NotFound
from conversations.services.members import change_role, leave
from tests.conversations.steps import nothing_happens, place_of, refused, texts_seen_by


def test_everybody_is_told_and_the_new_administrator_may_manage(alice, bob, carol, team, published):
    published.forget()
    change_role(actor=alice, conversation_id=team, user_id=bob.pk, role="admin")
    updated, line = (event for event, _to in published.all)
    (changed,) = updated.participants
    assert (changed.user.id, changed.role) == (bob.pk, "admin")
    assert changed.version == updated.conversation.version == line.version
    assert (line.system.event, line.system.role) == ("roleChanged", "admin")
    change_role(actor=bob, conversation_id=team, user_id=carol.pk, role="admin")
    assert place_of(carol, team).role == "admin"


def test_an_administrator_may_become_an_ordinary_member_while_there_is_another(alice, bob, team):
    change_role(actor=alice, conversation_id=team, user_id=bob.pk, role="admin")
    change_role(actor=alice, conversation_id=team, user_id=alice.pk, role="member")
    assert place_of(alice, team).role == "member"
    assert texts_seen_by(bob, team)[-1] == "roleChanged"


def test_a_group_keeps_an_administrator(alice, team, published):
    with nothing_happens(published, team), refused(Conflict, "last_admin"):
        change_role(actor=alice, conversation_id=team, user_id=alice.pk, role="member")
    assert place_of(alice, team).role == "admin"


def test_the_same_role_again_is_nothing_new(alice, bob, team, published):
    with nothing_happens(published, team):
        change_role(actor=alice, conversation_id=team, user_id=bob.pk, role="member")


def test_an_ordinary_member_promotes_nobody(bob, team, published):
    with nothing_happens(published, team), refused(Forbidden, "not_an_admin"):
        change_role(actor=bob, conversation_id=team, user_id=bob.pk, role="admin")


def test_who_left_has_no_role_to_change(alice, bob, team, published):
    leave(actor=bob, conversation_id=team)
    with nothing_happens(published, team), refused(NotFound):
        change_role(actor=alice, conversation_id=team, user_id=bob.pk, role="admin")


def test_mallory_finds_no_such_group(bob, mallory, team, published):
    with nothing_happens(published, team), refused(NotFound):
        change_role(actor=mallory, conversation_id=team, user_id=bob.pk, role="admin")
