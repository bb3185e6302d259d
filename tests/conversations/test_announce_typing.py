from accounts.models import Block
from chatproject.errors import Forbidden, NotFound
from conversations.services.members import leave
from conversations.services.typing import announce_typing
from tests.conversations.steps import nothing_happens, refused, version_of


def type_in(actor, conversation_id, *, is_typing=True, kind="text"):
    announce_typing(actor=actor, conversation_id=conversation_id, is_typing=is_typing, kind=kind)


def test_the_others_are_told_and_nothing_is_kept(alice, bob, carol, team, published):
    published.forget()
    before = version_of(team)
    type_in(alice, team, kind="voice")
    type_in(alice, team, is_typing=False)
    told = [(event.user_id, event.is_typing, event.kind, to) for event, to in published.all]
    others = [bob.pk, carol.pk]
    assert told == [(alice.pk, True, "voice", others), (alice.pk, False, "text", others)]
    assert version_of(team) == before


def test_who_left_types_nothing_and_is_told_nothing(alice, bob, carol, team, published):
    leave(actor=bob, conversation_id=team)
    with nothing_happens(published, team), refused(Forbidden, "cannot_message"):
        type_in(bob, team)
    type_in(alice, team)
    assert published.to(bob) == []


def test_over_a_block_nobody_types(alice, bob, chat, published):
    Block.objects.create(blocker=bob, blocked=alice)
    with nothing_happens(published, chat), refused(Forbidden, "cannot_message"):
        type_in(alice, chat)


def test_outsiders_find_no_such_conversation(carol, mallory, chat, published):
    for outsider in (carol, mallory):
        with nothing_happens(published, chat), refused(NotFound):
            type_in(outsider, chat)
