"""The life of a delivery: taken into a worker's hands, ended or tried again. No network here.

`attempts` grows with each taking and so names it: a worker that was given up for dead, and comes back with
an answer, finds another number and changes nothing.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from chatproject.sealed import Unreadable, unseal
from integrations.carrying import Answer, Parcel, Verdict
from integrations.models import WebhookDelivery, WebhookEndpoint
from integrations.models.webhook_delivery import WebhookDeliveryQuerySet
from integrations.services.endpoints import disable

State = WebhookDelivery.State

LEASE = timedelta(seconds=settings.PUSH_LEASE_SECONDS)
# After each attempt the next one waits so long, in seconds; about a day and a half altogether.
PAUSES = (5, 60, 300, 1800, 7200, 18000, 36000, 57600)
# While one thing fails, all others to that endpoint wait with it, but no longer than this.
LONGEST_REST = 600
# Of one endpoint at once.
AT_ONCE = 10
# An endpoint that nothing got to for so long is switched off.
PATIENCE = timedelta(days=3)

SILENT = gettext_noop("Nothing got there for three days.")
GONE = gettext_noop("It said that it wants nothing more (HTTP 410).")


def take_due(*, now: datetime, limit: int) -> tuple[list[Parcel], bool]:
    """What is to be sent, and whether there may be more. What nobody wants any more is settled at once."""
    due = WebhookDelivery.objects.due(now)
    if not limit or not due.exists():
        return [], False
    with transaction.atomic():
        deliveries = _taken(now, limit)
        parcels = [parcel for each in deliveries if (parcel := _parcel(each, now))]
    return parcels, len(deliveries) == limit


def take_one(*, delivery_id: int, now: datetime) -> list[Parcel]:
    """This one, if nobody has it yet."""
    with transaction.atomic():
        due = WebhookDelivery.objects.due(now).filter(pk=delivery_id)
        return [parcel for each in _take(due, now) if (parcel := _parcel(each, now))]


def settle(*, answers: Sequence[tuple[Parcel, Answer]]) -> None:
    if not answers:
        return
    said = {parcel.pk: (parcel.attempt, answer) for parcel, answer in answers}
    now = timezone.now()
    with transaction.atomic():
        endpoints = _locked_endpoints(said)
        settled: dict[int, list[Answer]] = defaultdict(list)
        rows = list(_locked(said))
        for delivery in rows:
            attempt, answer = said[delivery.pk]
            if delivery.attempts == attempt:
                _settle(delivery, answer, now)
                settled[delivery.endpoint_id].append(answer)
        WebhookDelivery.objects.bulk_update(
            rows, ["state", "status", "reason", "due_at", "finished_at"]
        )
        for pk, heard in sorted(settled.items()):
            _note_health(endpoints[pk], heard, now)


def forget_old(*, now: datetime) -> None:
    oldest = now - timedelta(days=settings.WEBHOOK_LOG_DAYS)
    WebhookDelivery.objects.finished_before(oldest).delete()


def _taken(now: datetime, limit: int) -> list[WebhookDelivery]:
    due = WebhookDelivery.objects.due(now).first_of_each_endpoint(AT_ONCE, now=now)
    wanted = list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:limit])
    # Asked again under the lock: another worker may have taken some in between.
    return _take(WebhookDelivery.objects.due(now).filter(pk__in=wanted), now)


def _take(due: WebhookDeliveryQuerySet, now: datetime) -> list[WebhookDelivery]:
    can_skip = connection.features.has_select_for_update_skip_locked
    rows = list(
        due.select_for_update(skip_locked=can_skip, of=("self",))
        .select_related("endpoint__bot__organization")
        .order_by("due_at", "pk")
    )
    for delivery in rows:
        delivery.state, delivery.attempts = State.SENDING, delivery.attempts + 1
        delivery.due_at = now + LEASE
    WebhookDelivery.objects.bulk_update(rows, ["state", "attempts", "due_at"])
    return rows


def _parcel(delivery: WebhookDelivery, now: datetime) -> Parcel | None:
    """None: it is settled already, since nobody wants it any more."""
    reason = _needless(delivery.endpoint)
    try:
        if not reason:
            return parcel_of(delivery, now=now)
    except Unreadable:
        reason = _("The secret cannot be read any more: give it a new one.")
    delivery.state, delivery.reason, delivery.finished_at = State.DROPPED, reason, now
    delivery.save(update_fields=["state", "reason", "finished_at"])
    return None


def parcel_of(delivery: WebhookDelivery, *, now: datetime) -> Parcel:
    endpoint = delivery.endpoint
    secrets = [unseal(endpoint.secret)]
    if endpoint.previous_until and now < endpoint.previous_until:
        secrets.append(unseal(endpoint.previous_secret))
    return Parcel(
        pk=delivery.pk,
        attempt=delivery.attempts,
        url=endpoint.url,
        key=f"msg_{delivery.key.hex}",
        payload=delivery.payload,
        secrets=tuple(secrets),
    )


def _needless(endpoint: WebhookEndpoint) -> str:
    if endpoint.disabled_at:
        return _("The webhook was switched off.")
    if not (endpoint.bot.is_active and endpoint.bot.organization.is_active):
        return _("The bot was deactivated.")
    return ""


def _locked_endpoints(pks: Iterable[int]) -> dict[int, WebhookEndpoint]:
    """Before their deliveries, as whoever changes or removes one does. As they are now: they may have been
    changed while they were called."""
    wanted = WebhookDelivery.objects.filter(pk__in=list(pks)).values("endpoint")
    rows = WebhookEndpoint.objects.filter(pk__in=wanted).select_for_update(of=("self",))
    return {row.pk: row for row in rows.select_related("bot__organization").order_by("pk")}


def _locked(pks: Iterable[int]) -> Iterable[WebhookDelivery]:
    rows = WebhookDelivery.objects.filter(pk__in=list(pks), state=State.SENDING)
    return rows.select_for_update().order_by("pk")


def _settle(delivery: WebhookDelivery, answer: Answer, now: datetime) -> None:
    delivery.status, delivery.reason = answer.status, answer.reason
    if answer.verdict is Verdict.DONE:
        delivery.state, delivery.finished_at = State.SENT, now
    elif answer.verdict is Verdict.STOP or delivery.attempts > len(PAUSES):
        delivery.state, delivery.finished_at = State.DEAD, now
    else:
        delivery.state, delivery.due_at = State.WAITING, now + _pause(delivery, answer)


def _pause(delivery: WebhookDelivery, answer: Answer) -> timedelta:
    """As they ask, else longer each time; never all at the same moment."""
    usual = PAUSES[delivery.attempts - 1] * random.uniform(0.75, 1.25)
    return timedelta(seconds=max(answer.retry_after or 0, usual))


def _note_health(endpoint: WebhookEndpoint, answers: Sequence[Answer], now: datetime) -> None:
    if any(each.verdict is Verdict.STOP for each in answers):
        return disable(endpoint=endpoint, reason=GONE, now=now)
    if any(each.verdict is Verdict.DONE for each in answers):
        return _note_success(endpoint)
    endpoint.failing_since = endpoint.failing_since or now
    if now - endpoint.failing_since >= PATIENCE:
        return disable(endpoint=endpoint, reason=SILENT, now=now)
    endpoint.resting_until = now + _rest(endpoint, answers, now)
    endpoint.save(update_fields=["failing_since", "resting_until"])
    return None


def _note_success(endpoint: WebhookEndpoint) -> None:
    if endpoint.failing_since or endpoint.resting_until:
        endpoint.failing_since = endpoint.resting_until = None
        endpoint.save(update_fields=["failing_since", "resting_until"])


def _rest(endpoint: WebhookEndpoint, answers: Sequence[Answer], now: datetime) -> timedelta:
    """A tenth of the time that it has failed already, or as long as it asks for."""
    assert endpoint.failing_since
    failing = (now - endpoint.failing_since).total_seconds()
    asked = max(each.retry_after or 0 for each in answers)
    return timedelta(seconds=max(asked, min(max(failing / 10, PAUSES[0]), LONGEST_REST)))
