"""Message info: to whom an own message got, who has read it, and when."""

from chatproject.errors import Forbidden, NotFound
from conversations.models import Receipt
from conversations.services.members import add_members, leave
from conversations.services.message_info import message_in_full, message_info
from conversations.services.messages import delete_message
from conversations.services.receipts import mark_delivered, mark_read
from tests.conversations.steps import refused, say, withhold_receipts


def info_of(user, message):
    return message_info(actor=user, conversation_id=message.conversation_id, message_id=message.id)


def told(user, message):
    info = info_of(user, message)
    return {one.user.display_name: one.is_read for one in info.receipts}, info.remaining_count


def test_it_tells_who_got_it_and_who_read_it_and_when(alice, bob, carol, team):
    message = say(alice, team)
    assert told(alice, message) == ({}, 2)
    mark_delivered(actor=bob, conversation_id=team)
    mark_read(actor=carol, conversation_id=team)
    assert told(alice, message) == ({"Carol": True, "Bob": False}, 0)
    # Whoever has read it stands first.
    first, second = info_of(alice, message).receipts
    times = {(one.user_id, one.kind): one.at for one in Receipt.objects.all()}
    assert first.delivered_at == times[carol.pk, "delivered"]
    assert first.read_at == times[carol.pk, "read"]
    assert (second.delivered_at, second.read_at) == (times[bob.pk, "delivered"], None)


def test_each_message_keeps_its_own_times(alice, bob, chat):
    earlier = say(alice, chat)
    mark_read(actor=bob, conversation_id=chat)
    later = say(alice, chat)
    mark_read(actor=bob, conversation_id=chat)
    (one,), (other,) = (info_of(alice, each).receipts for each in (earlier, later))
    assert one.read_at < other.read_at


def test_only_those_count_for_whom_it_was_meant(alice, bob, carol, gus, team):
    message = say(alice, team)
    add_members(actor=alice, conversation_id=team, user_ids=[gus.pk])
    assert told(alice, message) == ({}, 2)
    mark_read(actor=bob, conversation_id=team)
    leave(actor=bob, conversation_id=team)
    assert told(alice, message) == ({}, 1)


def test_what_is_read_in_private_is_not_told(alice, bob, chat):
    withhold_receipts(bob)
    message = say(alice, chat)
    mark_read(actor=bob, conversation_id=chat)
    assert told(alice, message) == ({"Bob": False}, 0)
    assert info_of(alice, message).receipts[0].read_at is None


def test_only_the_sender_sees_it_and_not_of_what_is_deleted(alice, bob, chat):
    message = say(alice, chat)
    with refused(Forbidden, "cannot_see_receipts"):
        info_of(bob, message)
    delete_message(actor=alice, conversation_id=chat, message_id=message.id)
    with refused(Forbidden, "cannot_see_receipts"):
        info_of(alice, message)


def test_whoever_left_is_told_nothing_any_more(alice, bob, team):
    message = say(bob, team)
    leave(actor=bob, conversation_id=team)
    with refused(Forbidden, "cannot_see_receipts"):
        info_of(bob, message)
    found = message_in_full(actor=bob, conversation_id=team, message_id=message.id)
    assert (found.can_reply, found.can_edit, found.can_delete, found.info) == (False,) * 3 + (None,)


def test_an_outsider_does_not_find_it(alice, bob, carol, mallory, chat, team):
    message, line = say(alice, chat), 1
    for outsider in (mallory, carol):
        with refused(NotFound):
            info_of(outsider, message)
        with refused(NotFound):
            message_in_full(actor=outsider, conversation_id=chat, message_id=message.id)
    # A message of another conversation, and a system line, are not there either.
    for message_id in (message.id, line):
        with refused(NotFound):
            message_info(actor=alice, conversation_id=team, message_id=message_id)


def test_rest_and_the_number_of_queries(
    alice, bob, carol, team, api, django_assert_max_num_queries
):
    message = say(alice, team)
    mark_read(actor=bob, conversation_id=team)
    url = f"/api/chat/conversations/{team}/messages/{message.id}/info"
    device = api(alice)
    device.get(url)
    with django_assert_max_num_queries(8):
        answer = device.get(url).json()
    assert answer["remainingCount"] == 1
    (receipt,) = answer["receipts"]
    assert (receipt["user"]["displayName"], receipt["isRead"]) == ("Bob", True)
    assert api(bob).get(url).status_code == 403
