"""Addresses by which programs write into a conversation: made, revoked, used."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.db.models import CharField, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit as log
from accounts.models import User
from accounts.secrets import HOOK, Secret, hash_of
from accounts.services.bots import line_of, locked_bot
from accounts.services.sessions import LAST_USED_PRECISION
from chatproject.errors import Conflict, Invalid
from chatproject.events import NewMessageBody
from chatproject.prepared import Given, prepared
from conversations.models import Conversation, Participant
from conversations.querysets import ConversationQuerySet
from conversations.services.members import add_members
from conversations.services.membership import participation
from conversations.services.messages import Sent
from conversations.writer import send_message
from integrations import audit
from integrations.models import IncomingWebhook
from integrations.shapes import IncomingMessage

MAX_WEBHOOKS = 50
MAX_IDEMPOTENCY_KEY = 255
# Keys that are no UUID become one, under the webhook that they came by.
NAMESPACE = UUID("c7d1b1c6-4c25-4b7e-9f0e-0d3a1f0d5a52")


def conversations_for(*, actor: User, bot: User) -> ConversationQuerySet:
    """Where the actor is, and the bot is too or may be added by them: no door to others' talk is opened."""
    mine = Participant.objects.current().filter(user=actor)
    there = Participant.objects.current().filter(user=bot).values("conversation")
    managed = mine.filter(role=Participant.Role.ADMIN, conversation__kind="group")
    found = Conversation.objects.visible_to(actor).filter(pk__in=mine.values("conversation"))
    either = found.filter(pk__in=there) | found.filter(pk__in=managed.values("conversation"))
    return either.order_by("title", "pk")


def create_incoming_webhook(
    *, actor: User, bot: User, conversation_id: int, name: str
) -> tuple[IncomingWebhook, str]:
    """The webhook, and its secret, which nobody can read again. A bot that is not there yet is added.

    Raises NotFound (a conversation that the actor is not in), Forbidden (or may not add the bot to).
    """
    secret = Secret.new(HOOK)
    with transaction.atomic():
        bot = locked_bot(actor=actor, bot=bot)
        _bring(actor, bot, conversation_id)
        if IncomingWebhook.objects.filter(bot=bot, revoked_at=None).count() >= MAX_WEBHOOKS:
            raise Conflict(_("A bot has at most %d webhooks.") % MAX_WEBHOOKS, code="too_many")
        webhook = IncomingWebhook.objects.create(
            bot=bot,
            conversation_id=conversation_id,
            name=line_of(name, attr="name"),
            hint=secret.hint,
            secret_hash=secret.hash,
            created_by=actor,
        )
        _record(audit.INCOMING_WEBHOOK_CREATED, actor, webhook, conversation=conversation_id)
    return webhook, secret.text


def revoke_incoming_webhook(*, actor: User, webhook: IncomingWebhook) -> None:
    """At once: each use asks."""
    with transaction.atomic():
        locked_bot(actor=actor, bot=webhook.bot)
        locked = IncomingWebhook.objects.select_for_update(of=("self",)).select_related("bot")
        webhook = locked.get(pk=webhook.pk)
        if webhook.revoked_at:
            return
        webhook.revoked_at = timezone.now()
        webhook.save(update_fields=["revoked_at"])
        _record(audit.INCOMING_WEBHOOK_REVOKED, actor, webhook)


def write(*, webhook: IncomingWebhook, message: IncomingMessage, idempotency_key: str = "") -> Sent:
    """Like any other message. Raises what `send_message` does: the bot may have been removed."""
    key = message.client_id or _client_id(webhook, idempotency_key)
    body = NewMessageBody(content=message.words, client_id=key)
    sent = send_message(actor=webhook.bot, conversation_id=webhook.conversation_id, body=body)
    _touch(webhook)
    return sent


def live_incoming_webhook(secret: str) -> IncomingWebhook | None:
    """With its bot and organization, in one query, and asked each time."""
    return _live().first(secret_hash=hash_of(secret))


@prepared
def _live() -> QuerySet[IncomingWebhook]:
    webhooks = IncomingWebhook.objects.live().select_related("bot__organization")
    return webhooks.filter(secret_hash=Given("secret_hash", CharField()))


def _bring(actor: User, bot: User, conversation_id: int) -> None:
    place = participation(actor=actor, conversation_id=conversation_id)
    members = Participant.objects.current().filter(conversation_id=conversation_id)
    if place.is_current and members.filter(user=bot).exists():
        return
    add_members(actor=actor, conversation_id=conversation_id, user_ids=[bot.pk])


def _client_id(webhook: IncomingWebhook, key: str) -> UUID:
    if not key:
        return uuid4()
    if len(key) > MAX_IDEMPOTENCY_KEY:
        detail = _("At most %d characters.") % MAX_IDEMPOTENCY_KEY
        raise Invalid(detail, code="string_too_long", attr="Idempotency-Key")
    return uuid5(NAMESPACE, f"{webhook.pk}:{key}")


def _touch(webhook: IncomingWebhook) -> None:
    now, before = timezone.now(), webhook.last_used_at
    if before is None or now - before >= LAST_USED_PRECISION:
        IncomingWebhook.objects.filter(pk=webhook.pk).update(last_used_at=now)


def _record(action: str, actor: User, webhook: IncomingWebhook, **data: Any) -> None:
    log.record(
        action,
        actor=actor,
        organization=webhook.bot.organization,
        target=webhook,
        webhook=webhook.name,
        bot=webhook.bot.display_name,
        **data,
    )
