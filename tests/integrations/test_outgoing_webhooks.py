"""What a program is told: what its bot would hear, signed, and nothing else."""

import json
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.services.bots import create_bot
from accounts.services.members import deactivate
from chatproject.events import GroupBody, NewMessageBody
from conversations.models import Conversation
from conversations.services.conversations import create_group, get_or_create_direct
from conversations.services.groups import change_group
from conversations.services.members import add_members, remove_member
from conversations.services.messages import delete_message, edit_message, send_message
from conversations.services.news import notify_of_news
from integrations.models import WebhookDelivery, WebhookEvent
from integrations.services.endpoints import create_endpoint, rotate_secret, switch_endpoint
from tests.integrations.receiver import Receiver, verified


@pytest.fixture
def say(alice) -> Callable[..., int]:
    def said(conversation: Conversation, content: str = "Hello", by=None) -> int:
        body = NewMessageBody(content=content)
        sent = send_message(actor=by or alice, conversation_id=conversation.pk, body=body)
        return sent.message.id

    return said


def types(receiver: Receiver) -> list[str]:
    return [told["type"] for told in receiver.told]


def test_what_is_said_is_told_and_signed(endpoint, receiver, tell, say, builds) -> None:
    _endpoint, secret = endpoint
    tell()
    receiver.server.forget()
    message_id = say(builds, "Is the build green?")
    tell()
    (request,) = receiver.received
    body = verified(request, secret)
    assert body["type"] == "newMessage"
    assert body["data"]["id"] == message_id and body["data"]["conversationId"] == builds.pk
    assert body["data"]["content"] == "Is the build green?"
    assert body["data"]["sender"]["displayName"] == "Alice"
    assert request.headers["content-type"] == "application/json"
    with pytest.raises(AssertionError, match="not of who"):
        verified(request, "whsec_" + "A" * 43 + "=")
    delivery = WebhookDelivery.objects.latest("pk")
    assert (delivery.state, delivery.status, delivery.attempts) == ("sent", 201, 1)


def test_each_event_is_what_a_socket_is_told(
    endpoint, receiver, tell, say, alice, bob, robo, published
) -> None:
    group = create_group(actor=alice, title="Builds", member_ids=[bob.pk, robo.pk]).conversation
    message_id = say(group)
    place = {"actor": alice, "conversation_id": group.pk, "message_id": message_id}
    edit_message(**place, content="Good day")
    tell()
    delete_message(**place)
    tell()
    heard = [event for event in published.to(robo) if event.name in WebhookEvent.values]
    key = lambda told: json.dumps(told, sort_keys=True)  # noqa: E731
    told = [{"type": one["type"], "data": one["data"]} for one in receiver.told]
    expected = [{"type": event.name, "data": event.as_json()} for event in heard]
    assert sorted(told, key=key) == sorted(expected, key=key)
    assert set(types(receiver)) == set(WebhookEvent.values)


def test_nobody_else_is_told(endpoint, receiver, tell, say, alice, bob, mallory, robo) -> None:
    """Neither of conversations without the bot, nor of the time before it came or after it went."""
    direct, _created = get_or_create_direct(actor=alice, target_user_id=bob.pk)
    group = create_group(actor=alice, title="Ours", member_ids=[bob.pk]).conversation
    say(direct.conversation, "Between us")
    say(group, "Before it came")
    tell()
    assert receiver.received == []
    place = {"actor": alice, "conversation_id": group.pk}
    add_members(**place, user_ids=[robo.pk])
    say(group, "While it is here")
    tell()
    remove_member(**place, user_id=robo.pk)
    tell()
    receiver.server.forget()
    say(group, "After it went")
    change_group(**place, changes=_titled("Ours again"))
    tell()
    assert receiver.received == []
    assert "Before it came" not in str(list(WebhookDelivery.objects.values()))


def _titled(title: str):
    return GroupBody(title=title)


def test_what_comes_late_is_not_told_of_before(endpoint, receiver, tell, alice, bob, robo, say):
    """Said before the bot came, and noticed only now, since a process had died in between."""
    group = create_group(actor=alice, title="Ours", member_ids=[bob.pk]).conversation
    say(group, "Before it came")
    add_members(actor=alice, conversation_id=group.pk, user_ids=[robo.pk])
    Conversation.objects.filter(pk=group.pk).update(notified_seq=0)
    notify_of_news(conversation_ids=[group.pk])
    tell()
    assert "newMessage" not in [
        told["type"] for told in receiver.told if told["data"].get("kind") == "text"
    ]


def test_a_bot_is_not_told_what_it_said_itself(endpoint, receiver, tell, say, robo, builds) -> None:
    tell()
    receiver.server.forget()
    say(builds, "I said that", by=robo)
    tell()
    assert receiver.received == []


def test_only_what_was_chosen_is_told(alice, robo, builds, server, tell, say) -> None:
    chosen = Receiver(server, "chosen")
    create_endpoint(actor=alice, bot=robo, name="Edits", url=chosen.url, events=["messageEdited"])
    message_id = say(builds)
    edit_message(actor=alice, conversation_id=builds.pk, message_id=message_id, content="Good day")
    tell()
    assert types(chosen) == ["messageEdited"]


def test_a_deleted_message_is_told_to_nobody_any_more(
    endpoint, receiver, tell, say, alice, builds
) -> None:
    tell()
    sent, unsent = say(builds, "The lantern"), None
    tell()
    unsent = say(builds, "The bridge")
    receiver.server.forget()
    for message_id in (sent, unsent):
        delete_message(actor=alice, conversation_id=builds.pk, message_id=message_id)
    tell()
    assert types(receiver) == ["messageDeleted", "messageDeleted"]
    kept = str(list(WebhookDelivery.objects.values()))
    assert "lantern" not in kept and "bridge" not in kept


def test_the_log_forgets_it_too_while_the_webhook_is_off(
    endpoint, receiver, tell, say, alice, builds
) -> None:
    message_id = say(builds, "The lantern")
    tell()
    switch_endpoint(actor=alice, endpoint=endpoint[0], is_on=False)
    delete_message(actor=alice, conversation_id=builds.pk, message_id=message_id)
    assert "lantern" not in str(list(WebhookDelivery.objects.values()))
    say(builds, "Into the wind")
    assert not WebhookDelivery.objects.filter(state="waiting").exists()


def test_two_secrets_are_good_for_a_while(endpoint, receiver, tell, say, alice, builds) -> None:
    made, before = endpoint
    _endpoint, after = rotate_secret(actor=alice, endpoint=made)
    say(builds)
    tell()
    request = receiver.received[-1]
    assert verified(request, before) == verified(request, after)
    made.refresh_from_db()
    assert before not in str(vars(made)) and after not in str(vars(made))


def test_a_bot_at_rest_is_told_nothing(endpoint, receiver, tell, say, alice, robo, builds) -> None:
    say(builds)
    deactivate(actor=alice, person=robo)
    tell()
    assert receiver.received == []
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"dropped"}


def test_what_nobody_listens_to_costs_nothing(alice, bob, builds, robo, say, endpoint) -> None:
    """As many statements as before there were webhooks; and one more where somebody listens."""
    other = create_bot(actor=alice, display_name="Other")
    without = create_group(actor=alice, title="Without", member_ids=[bob.pk, other.pk]).conversation
    say(without), say(builds)
    costs = {}
    for name, place in (("without", without), ("with", builds)):
        with CaptureQueriesContext(connection) as queries:
            say(place)
        costs[name] = len(queries)
    assert costs["with"] == costs["without"] + 1
