"""An address that writes into one conversation, and nothing else."""

import logging
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from accounts.models import AuditEntry
from accounts.services.members import deactivate
from accounts.throttling import Throttle
from chatproject.errors import Forbidden, NotFound
from chatproject.logs import without_secrets
from conversations.models import Message
from conversations.services.conversations import create_group, get_or_create_direct
from conversations.services.members import remove_member
from integrations.models import IncomingWebhook
from integrations.services.incoming import create_incoming_webhook, revoke_incoming_webhook
from tests.contract_client import ContractClient


@pytest.fixture
def webhook(alice, robo, builds) -> tuple[IncomingWebhook, str]:
    return create_incoming_webhook(
        actor=alice, bot=robo, conversation_id=builds.pk, name="CI server"
    )


@pytest.fixture
def post(webhook) -> Callable[..., Any]:
    """What a program without any other credential gets."""
    path = f"/api/hooks/{webhook[1]}"

    def posted(body: Any, **headers: str) -> Any:
        return ContractClient(headers=headers).post(path, body)

    return posted


def codes(response: Any) -> list[str]:
    return [error["code"] for error in response.json()["errors"]]


def test_what_is_posted_is_said_by_the_bot(post, builds, bob, robo, published) -> None:
    answer = post({"text": "Build 7 is *green*"})
    assert answer.status_code == 201
    message = Message.objects.get(pk=answer.json()["messageId"])
    assert (message.sender_id, message.content) == (robo.pk, "Build 7 is *green*")
    event = published.named("newMessage")[-1]
    assert event in published.to(bob) and event.sender.is_bot
    assert post({"content": "So is 8"}).status_code == 201


def test_a_repeat_is_said_once(post, builds) -> None:
    body = {"text": "Once", "clientId": str(uuid4())}
    assert [post(body).status_code for _ in range(2)] == [201, 200]
    again = [post({"text": "Deployed"}, **{"Idempotency-Key": "deploy 7"}) for _ in range(2)]
    assert [one.status_code for one in again] == [201, 200]
    assert again[0].json() == again[1].json()
    reused = post({"text": "Another"}, **{"Idempotency-Key": "deploy 7"})
    assert reused.status_code == 409 and codes(reused) == ["client_id_reused"]
    assert builds.messages.filter(kind="text").count() == 2


@pytest.mark.parametrize(
    "body",
    [{}, {"text": ""}, {"text": "a", "content": "b"}, {"text": 1}, {"text": "a", "icon": "b"}, []],
)
def test_what_is_wrong_is_refused(post, body) -> None:
    assert post(body).status_code == 400
    assert not Message.objects.filter(kind="text").exists()


def test_size_and_kind_are_checked(post, webhook) -> None:
    assert post({"text": "x" * 4001}).status_code == 400
    assert post({"text": "x"}, **{"Idempotency-Key": "x" * 256}).status_code == 400
    assert post({"text": "x" * 1024 * 1024}).status_code == 413
    form = ContractClient().post(f"/api/hooks/{webhook[1]}", "text=Hi", content_type="text/plain")
    assert form.status_code == 415


def test_each_webhook_has_a_limit_of_its_own(post, alice, robo, builds, monkeypatch) -> None:
    monkeypatch.setattr(Throttle, "rates", {**Throttle.rates, "webhook": "2/min"})
    answers = [post({"text": "Hi"}) for _ in range(3)]
    assert [one.status_code for one in answers] == [201, 201, 429]
    assert int(answers[2]["Retry-After"]) > 0
    _other, secret = create_incoming_webhook(
        actor=alice, bot=robo, conversation_id=builds.pk, name="Other"
    )
    assert ContractClient().post(f"/api/hooks/{secret}", {"text": "Hi"}).status_code == 201


def test_an_address_that_is_none_says_nothing(db) -> None:
    unknown = ContractClient().post("/api/hooks/parley_hook_" + "x" * 40, {"text": "Hi"})
    assert unknown.status_code == 404 and codes(unknown) == ["not_found"]


def test_a_revoked_address_is_none_at_once(post, webhook, alice, mallory, bob) -> None:
    for stranger in (mallory, bob):
        with pytest.raises(Forbidden):
            revoke_incoming_webhook(actor=stranger, webhook=webhook[0])
    assert post({"text": "Hi"}).status_code == 201
    revoke_incoming_webhook(actor=alice, webhook=webhook[0])
    assert post({"text": "Hi"}).status_code == 404
    assert AuditEntry.objects.filter(action="incoming_webhook.revoked").count() == 1


def test_a_bot_at_rest_says_nothing(post, alice, robo) -> None:
    deactivate(actor=alice, person=robo)
    assert post({"text": "Hi"}).status_code == 404


def test_a_bot_that_was_removed_says_nothing(post, alice, robo, builds) -> None:
    remove_member(actor=alice, conversation_id=builds.pk, user_id=robo.pk)
    refused = post({"text": "Hi"})
    assert refused.status_code == 403 and codes(refused) == ["not_a_member"]


def test_making_one_brings_the_bot_and_tells_everybody(alice, bob, robo, published) -> None:
    group = create_group(actor=alice, title="Quiet", member_ids=[bob.pk]).conversation
    published.forget()
    create_incoming_webhook(actor=alice, bot=robo, conversation_id=group.pk, name="CI")
    (line,) = published.named("newMessage")
    assert line.system.event == "memberAdded" and line.system.names == ["Robo"]
    assert AuditEntry.objects.filter(action="incoming_webhook.created").exists()


def test_nobody_opens_a_door_to_others_talk(alice, bob, carol, mallory, robo) -> None:
    """An administrator of the organization is none of its groups by that."""
    theirs = create_group(actor=bob, title="Theirs", member_ids=[carol.pk]).conversation
    with pytest.raises(NotFound):
        create_incoming_webhook(actor=alice, bot=robo, conversation_id=theirs.pk, name="Ear")
    with_alice = create_group(actor=bob, title="Ours", member_ids=[alice.pk]).conversation
    direct, _created = get_or_create_direct(actor=alice, target_user_id=bob.pk)
    for place in (with_alice.pk, direct.conversation_id):
        with pytest.raises(Forbidden):
            create_incoming_webhook(actor=alice, bot=robo, conversation_id=place, name="Ear")
    with pytest.raises(Forbidden):
        create_incoming_webhook(actor=mallory, bot=robo, conversation_id=theirs.pk, name="Ear")


def test_the_secret_is_neither_kept_nor_logged(post, webhook, caplog) -> None:
    secret = webhook[1][16:]
    with caplog.at_level(logging.DEBUG):
        post({"text": "Hi"})
    assert secret not in str(IncomingWebhook.objects.values().get())
    # Django names the address; our formatter takes it out of whatever is logged.
    assert secret in caplog.text
    assert secret not in without_secrets(caplog.text)


def test_it_is_made_and_revoked_on_the_bots_page(browser_of, alice, robo, builds) -> None:
    browser, path = browser_of(alice), f"/settings/bots/{robo.pk}"
    form = {"name": "CI", "conversation_id": builds.pk}
    shown = browser.post(f"{path}/incoming", form).context["shown"]
    secret = shown.text.rpartition("/")[2]
    assert ContractClient().post(f"/api/hooks/{secret}", {"text": "Hi"}).status_code == 201
    assert "Builds" in browser.get(path).content.decode()
    assert browser.post(f"{path}/incoming", {"name": "CI"}).context["incoming_form"].errors
    made = IncomingWebhook.objects.get()
    assert browser.post(f"{path}/incoming/{made.pk}/revoke").status_code == 302
    assert ContractClient().post(f"/api/hooks/{secret}", {"text": "Hi"}).status_code == 404
