"""Where programs are told: made, changed, tried, switched off and on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import orjson
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit as log
from accounts.models import User
from accounts.roles import Permission
from accounts.services.bots import line_of, locked_bot
from chatproject.errors import Conflict, Invalid
from chatproject.sealed import seal
from integrations import audit
from integrations.listeners import forget_listeners
from integrations.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from integrations.outbox import new_delivery, payload_of
from integrations.signing import new_secret
from notifications.organization import tell_managers
from notifications.push_endpoint import check_endpoint

MAX_ENDPOINTS = 10
# So long the secret until now is good beside the new one.
OVERLAP = timedelta(hours=24)
TEST_EVENT = "test"


def create_endpoint(
    *, actor: User, bot: User, name: str, url: str, events: Collection[str]
) -> tuple[WebhookEndpoint, str]:
    """The endpoint, and the secret by which its receiver knows that it is us."""
    checked, secret = _public(url), new_secret()
    with transaction.atomic():
        bot = locked_bot(actor=actor, bot=bot)
        if WebhookEndpoint.objects.filter(bot=bot).count() >= MAX_ENDPOINTS:
            raise Conflict(_("A bot has at most %d webhooks.") % MAX_ENDPOINTS, code="too_many")
        endpoint = WebhookEndpoint.objects.create(
            bot=bot,
            name=line_of(name, attr="name"),
            url=checked,
            events=_known(events),
            secret=seal(secret),
            created_by=actor,
        )
        _record(audit.ENDPOINT_CREATED, actor, endpoint, url=checked)
        forget_listeners()
    return endpoint, secret


def change_endpoint(
    *, actor: User, endpoint: WebhookEndpoint, name: str, url: str, events: Collection[str]
) -> None:
    checked = _public(url)
    with transaction.atomic():
        endpoint = _locked(actor, endpoint)
        endpoint.name, endpoint.url = line_of(name, attr="name"), checked
        endpoint.events = _known(events)
        endpoint.save(update_fields=["name", "url", "events"])
        _record(audit.ENDPOINT_CHANGED, actor, endpoint, url=checked)
        forget_listeners()


def rotate_secret(*, actor: User, endpoint: WebhookEndpoint) -> tuple[WebhookEndpoint, str]:
    """For a day, what goes out is signed with both."""
    secret = new_secret()
    with transaction.atomic():
        endpoint = _locked(actor, endpoint)
        endpoint.previous_secret, endpoint.secret = endpoint.secret, seal(secret)
        endpoint.previous_until = timezone.now() + OVERLAP
        endpoint.save(update_fields=["secret", "previous_secret", "previous_until"])
        _record(audit.ENDPOINT_ROTATED, actor, endpoint)
    return endpoint, secret


def switch_endpoint(*, actor: User, endpoint: WebhookEndpoint, is_on: bool) -> None:
    """What happens while it is off is not told later."""
    with transaction.atomic():
        endpoint = _locked(actor, endpoint)
        endpoint.disabled_at = None if is_on else timezone.now()
        endpoint.disabled_reason = ""
        endpoint.failing_since = endpoint.resting_until = None
        endpoint.save()
        _record(audit.ENDPOINT_ON if is_on else audit.ENDPOINT_OFF, actor, endpoint)
        forget_listeners()


def remove_endpoint(*, actor: User, endpoint: WebhookEndpoint) -> None:
    with transaction.atomic():
        endpoint = _locked(actor, endpoint)
        _record(audit.ENDPOINT_REMOVED, actor, endpoint)
        endpoint.delete()
        forget_listeners()


def disable(*, endpoint: WebhookEndpoint, reason: str, now: datetime) -> None:
    """By ourselves. The caller holds its lock; administrators are told, each in their language."""
    if endpoint.disabled_at:
        return
    endpoint.disabled_at, endpoint.disabled_reason = now, reason
    endpoint.save(update_fields=["disabled_at", "disabled_reason"])
    forget_listeners()
    tell_managers(
        organization=endpoint.bot.organization,
        permission=Permission.MANAGE_BOTS,
        text=lambda: (
            _("The webhook %(webhook)s of %(bot)s was switched off: %(reason)s")
            % {"webhook": endpoint.name, "bot": endpoint.bot.display_name, "reason": _(reason)}
        ),
    )
    _record(audit.ENDPOINT_FAILED, None, endpoint, reason=reason)


# --- Deliveries --------------------------------------------------------------------------------


def enqueue_test(*, actor: User, endpoint: WebhookEndpoint) -> WebhookDelivery:
    """An event `test`, like any other, but that it was asked for."""
    with transaction.atomic():
        endpoint = _locked(actor, endpoint)
        _check_is_on(endpoint)
        data = orjson.dumps({"endpoint": endpoint.name, "bot": endpoint.bot.display_name})
        delivery = new_delivery(endpoint.pk, TEST_EVENT, payload_of(TEST_EVENT, data))
        delivery.save()
        # Whoever tries it out has just mended something.
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(resting_until=None)
    return delivery


def redeliver(*, actor: User, delivery: WebhookDelivery) -> None:
    """The same again, under the same id."""
    with transaction.atomic():
        endpoint = _locked(actor, delivery.endpoint)
        _check_is_on(endpoint)
        delivery = WebhookDelivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
        if not delivery.is_repeatable:
            raise Conflict(_("This cannot be sent again."), code="not_repeatable")
        delivery.state, delivery.attempts = WebhookDelivery.State.WAITING, 0
        delivery.due_at, delivery.finished_at = timezone.now(), None
        delivery.save(update_fields=["state", "attempts", "due_at", "finished_at"])
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(resting_until=None)


def _check_is_on(endpoint: WebhookEndpoint) -> None:
    if endpoint.disabled_at:
        raise Conflict(_("The webhook is switched off."), code="disabled")


def _locked(actor: User, endpoint: WebhookEndpoint) -> WebhookEndpoint:
    locked_bot(actor=actor, bot=endpoint.bot)
    rows = WebhookEndpoint.objects.select_for_update(of=("self",))
    return rows.select_related("bot__organization").get(pk=endpoint.pk)


def _public(url: str) -> str:
    try:
        check_endpoint(url.strip())
    except Invalid as error:
        raise Invalid(error.detail, code=error.code, attr="url") from error
    return url.strip()


def _known(events: Collection[str]) -> list[str]:
    if not events or set(events) - set(WebhookEvent.values):
        raise Invalid(_("Choose at least one event."), attr="events")
    return [event for event in WebhookEvent.values if event in events]


def _record(action: str, actor: User | None, endpoint: WebhookEndpoint, **data: str) -> None:
    log.record(
        action,
        actor=actor,
        organization=endpoint.bot.organization,
        target=endpoint,
        webhook=endpoint.name,
        bot=endpoint.bot.display_name,
        **data,
    )
