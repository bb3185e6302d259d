"""One person, and what we share."""

from accounts.services.profiles import block, unblock, update_privacy, update_profile
from chatproject.errors import NotFound
from conversations.services.contacts import contact_detail
from conversations.services.conversations import create_group
from conversations.services.members import leave
from tests.conversations.steps import refused


def test_the_groups_that_both_are_in_by_title(alice, bob, carol, team):
    create_group(actor=alice, title="Alone", member_ids=[carol.pk])
    both = create_group(actor=bob, title="Both", member_ids=[alice.pk])
    person = contact_detail(actor=alice, user_id=bob.pk)
    assert person.display_name == "Bob"
    groups = [(group.title, group.member_count) for group in person.groups_in_common]
    assert groups == [("Both", 2), ("Team", 3)]
    leave(actor=bob, conversation_id=team)
    person = contact_detail(actor=alice, user_id=bob.pk)
    assert [group.id for group in person.groups_in_common] == [both.conversation_id]


def test_only_who_blocks_is_told_that_they_do(alice, bob):
    block(actor=alice, person=bob)
    assert contact_detail(actor=alice, user_id=bob.pk).is_blocked
    seen = contact_detail(actor=bob, user_id=alice.pk)
    assert (seen.is_blocked, seen.is_online, seen.last_seen_at) == (False, False, None)


def test_the_line_about_oneself_is_for_those_who_may_see_it(alice, bob, gus):
    update_profile(actor=bob, about="Climbs")

    def seen_by(viewer) -> str:
        return contact_detail(actor=viewer, user_id=bob.pk).about

    assert seen_by(alice) == "Climbs"
    update_privacy(actor=bob, about="nobody")
    assert seen_by(alice) == ""
    update_privacy(actor=bob, about="everyone")
    update_privacy(actor=alice, about="contacts")
    assert (seen_by(alice), seen_by(gus)) == ("Climbs", "Climbs")
    block(actor=bob, person=alice)
    assert seen_by(alice) == ""
    unblock(actor=bob, person=alice)
    update_privacy(actor=gus, about="contacts")
    assert seen_by(gus) == "", "whom one may not write to is no contact"


def test_nobody_is_their_own_contact_and_outsiders_find_nobody(alice, bob, mallory):
    with refused(NotFound):
        contact_detail(actor=alice, user_id=alice.pk)
    with refused(NotFound):
        contact_detail(actor=mallory, user_id=bob.pk)


def test_by_rest(api, alice, bob, mallory, team):
    answer = api(alice).get(f"/api/chat/contacts/{bob.pk}").json()
    assert [group["title"] for group in answer["groupsInCommon"]] == ["Team"]
    assert api(mallory).get(f"/api/chat/contacts/{bob.pk}").status_code == 404
