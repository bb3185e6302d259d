"""The life of a push: planned, taken into a worker's hands, ended or tried again. No network here.

`attempts` grows with each taking and so names it: a worker that was given up for dead, and comes back with
an answer, finds another number and changes nothing.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import F
from django.utils import timezone

from notifications.models import Notification, PushDelivery, PushSubscription
from notifications.push.answers import Answer, Verdict
from notifications.push.message import LIFETIME

State = PushDelivery.State
# A device, by its subscription, and a tag on it.
Place = tuple[int, str]

# Longer than the longest attempt. A worker that was killed is not missed before.
LEASE = timedelta(seconds=settings.PUSH_LEASE_SECONDS)
MAX_ATTEMPTS = 10
FIRST_BACKOFF, LONGEST_BACKOFF = 5, 3600  # seconds
# After a push the next one of the same conversation waits so long, and gathers what comes meanwhile.
GATHERING = timedelta(seconds=10)


@dataclass(frozen=True)
class Plan:
    """Tell this person of this: the newest of what there is to tell under the tag."""

    user_id: int
    tag: str
    message_id: int | None = None
    notification: Notification | None = None
    is_mention: bool = False


def tag_of_conversation(conversation_id: int) -> str:
    return f"conversation-{conversation_id}"


def tag_of_notification(notification: Notification) -> str:
    if notification.conversation_id:
        return tag_of_conversation(notification.conversation_id)
    return f"notification-{notification.pk}"


def plan(plans: Sequence[Plan], *, now: datetime) -> None:
    """One push for each device. What waits there under the same tag tells of the newest instead."""
    devices = _devices({each.user_id for each in plans})
    targets: dict[Place, tuple[PushSubscription, Plan]] = {
        (device.pk, each.tag): (device, each)
        for each in plans
        for device in devices.get(each.user_id, ())
    }
    waiting = _latest(targets, state=State.WAITING)
    recent = _latest(targets, state=State.SENT, finished_at__gt=now - GATHERING)
    for place in waiting.keys() & targets.keys():
        _retarget(waiting[place], targets[place][1])
    PushDelivery.objects.bulk_update(
        [waiting[place] for place in waiting.keys() & targets.keys()],
        ["message", "notification", "is_mention"],
    )
    PushDelivery.objects.bulk_create(
        _new(device, each, now=now, after=recent.get(place))
        for place, (device, each) in targets.items()
        if place not in waiting
    )


def _devices(user_ids: Collection[int]) -> dict[int, list[PushSubscription]]:
    found: dict[int, list[PushSubscription]] = {}
    live = PushSubscription.objects.live().filter(user_id__in=user_ids)
    for subscription in live.select_related("session").order_by("pk"):
        found.setdefault(subscription.user_id, []).append(subscription)
    return found


def _latest(targets: Collection[Place], **conditions: object) -> dict[Place, PushDelivery]:
    found = PushDelivery.objects.filter(
        subscription_id__in={device for device, _tag in targets},
        tag__in={tag for _device, tag in targets},
        **conditions,
    ).order_by("pk")
    if conditions["state"] == State.WAITING:
        found = found.select_for_update(of=("self",))
    return {_place(each): each for each in found}


def _retarget(delivery: PushDelivery, plan: Plan) -> None:
    delivery.message_id = plan.message_id
    delivery.notification = plan.notification
    delivery.is_mention = delivery.is_mention or plan.is_mention


def _new(
    device: PushSubscription, plan: Plan, *, now: datetime, after: PushDelivery | None
) -> PushDelivery:
    due_at = after.finished_at + GATHERING if after and after.finished_at else now
    return PushDelivery(
        subscription=device,
        user_id=plan.user_id,
        kind=device.kind,
        device=device.session.label,
        tag=plan.tag,
        message_id=plan.message_id,
        notification=plan.notification,
        is_mention=plan.is_mention,
        due_at=due_at,
        created_at=now,
    )


def take(*, now: datetime, limit: int) -> list[PushDelivery]:
    """Those that are due and nobody else's; for as long as the lease lasts they are the caller's."""
    with transaction.atomic():
        due = PushDelivery.objects.due(now).order_by("due_at", "pk")
        rows = list(_skipping_locked(due)[:limit])
        for delivery in rows:
            delivery.state, delivery.attempts = State.SENDING, delivery.attempts + 1
            delivery.due_at = now + LEASE
        PushDelivery.objects.filter(pk__in=[delivery.pk for delivery in rows]).update(
            state=State.SENDING, attempts=F("attempts") + 1, due_at=now + LEASE
        )
    return rows


def settle(answers: Sequence[tuple[PushDelivery, Answer | str]]) -> None:
    """What became of each: the answer of the push service, or why it was not even asked.

    Those that ended alike are written in one statement: nearly all of them.
    """
    if not answers:
        return
    with transaction.atomic():
        ours = _still_ours([delivery for delivery, _answer in answers])
        settled = [(delivery, answer) for delivery, answer in answers if delivery.pk in ours]
        replaced = _replaced([each for each, answer in settled if _may_be_repeated(answer)])
        for delivery, answer in settled:
            _settle(delivery, answer, is_replaced=_place(delivery) in replaced)
        _store([delivery for delivery, _answer in settled])


def _still_ours(deliveries: Sequence[PushDelivery]) -> set[int]:
    rows = PushDelivery.objects.filter(
        pk__in=[each.pk for each in deliveries], state=State.SENDING
    ).select_for_update()
    takings = {each.pk: each.attempts for each in deliveries}
    found = rows.order_by("pk").values_list("pk", "attempts")
    return {pk for pk, attempts in found if takings[pk] == attempts}


def _may_be_repeated(answer: Answer | str) -> bool:
    return isinstance(answer, Answer) and answer.verdict in (Verdict.RETRY, Verdict.TOO_LARGE)


def _replaced(deliveries: Sequence[PushDelivery]) -> Collection[Place]:
    """Where a later one waits already."""
    return _latest({_place(each) for each in deliveries}, state=State.WAITING) if deliveries else ()


def _store(deliveries: Sequence[PushDelivery]) -> None:
    alike: dict[tuple[str, str], list[PushDelivery]] = defaultdict(list)
    for delivery in deliveries:
        alike[delivery.state, delivery.reason].append(delivery)
    for (state, reason), group in alike.items():
        if state == State.WAITING:
            PushDelivery.objects.bulk_update(group, ["state", "reason", "is_bare", "due_at"])
            continue
        PushDelivery.objects.filter(pk__in=[each.pk for each in group]).update(
            state=state, reason=reason, finished_at=group[0].finished_at
        )
        if state == State.GONE:
            gone = [each.subscription_id for each in group if each.subscription_id]
            PushSubscription.objects.filter(pk__in=gone).delete()


def _place(delivery: PushDelivery) -> Place:
    return delivery.subscription_id or 0, delivery.tag


def _settle(delivery: PushDelivery, answer: Answer | str, *, is_replaced: bool) -> None:
    if isinstance(answer, str):
        return _end(delivery, State.DROPPED, answer)
    match answer.verdict:
        case Verdict.SENT:
            return _end(delivery, State.SENT)
        case Verdict.GONE:
            return _end(delivery, State.GONE, answer.reason)
        case Verdict.TOO_LARGE if not delivery.is_bare:
            delivery.is_bare = True
            return _again(delivery, answer, is_replaced=is_replaced, wait=0)
        case Verdict.RETRY:
            return _again(delivery, answer, is_replaced=is_replaced, wait=_pause(delivery, answer))
    return _end(delivery, State.DEAD, answer.reason)


def _again(delivery: PushDelivery, answer: Answer, *, is_replaced: bool, wait: float) -> None:
    now = timezone.now()
    due_at = now + timedelta(seconds=wait)
    if is_replaced:
        return _end(delivery, State.REPLACED, answer.reason)
    if delivery.attempts >= MAX_ATTEMPTS or due_at > delivery.created_at + timedelta(
        seconds=LIFETIME
    ):
        return _end(delivery, State.DEAD, answer.reason)
    delivery.state, delivery.due_at, delivery.reason = State.WAITING, due_at, answer.reason
    return None


def _end(delivery: PushDelivery, state: str, reason: str = "") -> None:
    delivery.state, delivery.reason = state, reason
    delivery.finished_at = timezone.now()


def _pause(delivery: PushDelivery, answer: Answer) -> float:
    """As they ask, else twice as long each time; never all at the same moment."""
    backoff = min(FIRST_BACKOFF * 2 ** (delivery.attempts - 1), LONGEST_BACKOFF)
    return max(answer.retry_after or 0, backoff * random.uniform(0.75, 1.25))


def _skipping_locked(rows: models.QuerySet[PushDelivery]) -> models.QuerySet[PushDelivery]:
    """Several workers never wait for one another. SQLite has one writer anyway."""
    can_skip = connection.features.has_select_for_update_skip_locked
    return rows.select_for_update(skip_locked=can_skip, of=("self",))
