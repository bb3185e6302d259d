"""Why was I told, or not? For any message; and for administrators."""

from uuid import uuid4

import pytest

from chatproject.events import NewMessageBody
from conversations.services.messages import send_message
from notifications.models import PushDecision, PushDelivery
from tests.notifications.push_service import Answer


@pytest.fixture
def send(service):
    def sent(sender, conversation, content="Hi"):
        body = NewMessageBody(content=content, client_id=uuid4())
        return send_message(actor=sender, conversation_id=conversation.pk, body=body).message

    return sent


def url(message) -> str:
    return f"/api/chat/conversations/{message.conversation_id}/messages/{message.id}/notification"


def test_a_push_has_its_reason_and_its_end_on_each_device(
    api, alice, bob, direct, send, browser_with_push, push_round
):
    browser_with_push(bob).answers(Answer(403))
    browser_with_push(bob)
    message = send(alice, direct)
    client = api(bob)
    assert client.get(url(message)).json()["reason"] == "pending"
    push_round()
    told = client.get(url(message)).json()
    assert (told["outcome"], told["reason"]) == ("push", "wanted")
    assert told["detail"] == "You are told of new messages here, and you were away."
    assert [(each["device"], each["state"], each["reason"]) for each in told["devices"]] == [
        ("Bob's browser", "dead", "HTTP 403"),
        ("Bob's browser", "sent", ""),
    ]


def test_of_a_message_told_with_others_too(
    api, alice, bob, direct, send, browser_with_push, push_round
):
    browser_with_push(bob)
    first, _second = send(alice, direct), send(alice, direct)
    push_round()
    (device,) = api(bob).get(url(first)).json()["devices"]
    assert device["state"] == "sent"


def test_without_a_decision_it_says_why_there_is_none(
    api, alice, bob, direct, send, browser_with_push, push_round
):
    message = send(alice, direct)
    push_round()
    assert api(alice).get(url(message)).json()["reason"] == "own"
    assert api(bob).get(url(message)).json()["reason"] == "no_device"
    browser_with_push(bob)
    told = api(bob).get(url(message)).json()
    assert (told["outcome"], told["reason"]) == (None, "forgotten")


def test_nobody_learns_it_of_what_is_not_theirs(
    api, alice, bob, carol, mallory, direct, send, browser_with_push, push_round
):
    browser_with_push(bob)
    message = send(alice, direct)
    push_round()
    for outsider in (carol, mallory):
        assert api(outsider).get(url(message)).status_code == 404


def test_the_settings_list_what_was_decided_lately(
    browser_of, alice, bob, direct, send, browser_with_push, push_round
):
    browser_with_push(bob)
    send(alice, direct)
    push_round()
    page = browser_of(bob).get("/settings/notifications").content.decode()
    assert "You are told of new messages here, and you were away." in page
    assert "Bob&#x27;s browser" in page


def test_administrators_see_reasons_and_what_was_given_up_but_no_words(
    browser_of, alice, bob, direct, send, browser_with_push, push_round
):
    browser_with_push(bob).answers(Answer(400))
    send(alice, direct, "between the two of us")
    push_round()
    client = browser_of(alice)
    dead = client.get("/admin/notifications/pushdelivery/", {"state__exact": "dead"})
    decided = client.get("/admin/notifications/pushdecision/")
    assert "HTTP 400" in dead.content.decode()
    assert "wanted" in decided.content.decode()
    for model, row in (
        ("pushdelivery", PushDelivery.objects.get()),
        ("pushdecision", PushDecision.objects.get(user=bob)),
    ):
        page = client.get(f"/admin/notifications/{model}/{row.pk}/change/").content.decode()
        assert "Bob" in page
        assert "between the two of us" not in page


def test_the_page_of_a_message_says_it(
    browser_of, alice, bob, direct, send, browser_with_push, push_round
):
    browser_with_push(bob)
    message = send(alice, direct)
    push_round()
    path = f"/c/{direct.pk}/messages/{message.id}"
    page = browser_of(bob).get(path).content.decode()
    assert "You are told of new messages here, and you were away." in page
    assert "Bob&#x27;s browser: Sent" in page
    assert "Why was I told" not in browser_of(alice).get(path).content.decode()
