"""What is due to be pushed: taken, decided once more, handed over, and its end noted.

Nothing is locked while push services are asked: they may take their time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, Sum, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import override

from chatproject.events import PushShape
from conversations.models import Participant
from conversations.services.situations import Circumstances
from notifications import deliveries
from notifications.decide import Decision, Outcome, Reason
from notifications.models import Notification, PushDelivery
from notifications.push.answers import Answer
from notifications.push.message import Push
from notifications.push.shapes import message_push, notification_push
from notifications.push.transport import CONNECTIONS

# What was shown longer ago was swept away by hand, or never will be.
REMEMBERED = timedelta(days=1)
MAX_STALE = 10

# At once by one worker: even if every service dawdles, the last one is through before the lease ends.
MAX_TAKEN = 2 * CONNECTIONS

SOURCES = (
    "user",
    "subscription__session",
    "message__conversation",
    "message__sender",
    "message__reply_to",
    "notification__conversation",
    "notification__message__sender",
    "notification__user",
)

Send = Callable[[Sequence[Push]], Sequence[Answer]]


def deliver_due(*, now: datetime, send: Send) -> bool:
    """A whole round, for who waits for it. True if there was anything to do."""
    round_ = take_due(now=now, limit=MAX_TAKEN)
    answers = send([push for _delivery, push in round_.pushes])
    pairs = zip(round_.pushes, answers, strict=True)
    deliveries.settle([(delivery, answer) for (delivery, _push), answer in pairs])
    return round_.is_busy


@dataclass(frozen=True)
class Round:
    """What was taken and is still to be sent; the others are settled already."""

    pushes: list[tuple[PushDelivery, Push]]
    is_busy: bool = False


def take_due(*, now: datetime, limit: int) -> Round:
    taken = deliveries.take(now=now, limit=limit)
    if not taken:
        return Round([])
    batch = Batch(taken, now)
    considered = [(delivery, batch.push_or_reason(delivery)) for delivery in batch.deliveries]
    deliveries.settle([(each, reason) for each, reason in considered if isinstance(reason, str)])
    pushes = [(each, push) for each, push in considered if isinstance(push, Push)]
    return Round(pushes, is_busy=True)


class Batch:
    """Deliveries with all that their last decision and their words depend on, in a few queries."""

    def __init__(self, taken: Sequence[PushDelivery], now: datetime) -> None:
        self.now = now
        self.deliveries = list(taken)
        # Not by joins: most tell of the same message, which is then read once.
        prefetch_related_objects(self.deliveries, *SOURCES)
        self.people = {each.user_id: each.user for each in self.deliveries}
        self.places = self._places()
        senders = {each.message.sender_id for each in self.deliveries if each.message}
        self.circumstances = Circumstances(list(self.people.values()), sender_ids=senders, now=now)
        self.unread = self._unread(set(self.people))
        self.stale = self._stale()

    def push_or_reason(self, delivery: PushDelivery) -> Push | str:
        device = delivery.subscription
        if device is None or device.user_id != delivery.user_id or device.session.revoked_at:
            return Reason.SIGNED_OUT
        decision = self._decide(delivery)
        if decision.outcome != Outcome.PUSH:
            return decision.reason
        with override(delivery.user.language):
            shape = self._shape(delivery, decision)
        return Push(
            kind=device.kind,
            endpoint=device.endpoint,
            p256dh=device.p256dh,
            auth=device.auth,
            shape=shape.without_text() if delivery.is_bare else shape,
        )

    def _decide(self, delivery: PushDelivery) -> Decision:
        place = self._place(delivery)
        if delivery.notification:
            return self.circumstances.of_notification(delivery.notification, place)
        assert delivery.message and place, "nobody is told of a conversation that they are not in"
        return self.circumstances.of_message(
            place, delivery.message, is_mention=delivery.is_mention
        )

    def _shape(self, delivery: PushDelivery, decision: Decision) -> PushShape:
        if delivery.notification:
            shape = notification_push(delivery.notification, tag=delivery.tag)
        else:
            shape = self._message_shape(delivery, decision)
        return shape.model_copy(
            update={
                "unread": self._unread_of(delivery),
                "silent": not self.circumstances.preferences[delivery.user_id].sounds,
                "stale": self.stale[delivery.subscription_id or 0][:MAX_STALE],
            }
        )

    def _message_shape(self, delivery: PushDelivery, decision: Decision) -> PushShape:
        assert delivery.message
        shape = message_push(
            delivery.message,
            count=getattr(self._place(delivery), "unread_count", 1),
            is_mention=delivery.is_mention,
            shows_text=decision.shows_text,
            tag=delivery.tag,
        )
        return shape.model_copy(update={"reply": _("Reply")})

    def _place(self, delivery: PushDelivery) -> Participant | None:
        source = delivery.notification or delivery.message
        return self.places.get((source.conversation_id if source else None, delivery.user_id))

    def _places(self) -> dict[tuple[int | None, int], Participant]:
        sources = [each.notification or each.message for each in self.deliveries]
        found = Participant.objects.filter(
            conversation_id__in={each.conversation_id for each in sources if each},
            user_id__in=set(self.people),
        ).with_unread_count()
        for place in found:
            place.user = self.people[place.user_id]
        return {(place.conversation_id, place.user_id): place for place in found}

    def _unread_of(self, delivery: PushDelivery) -> int:
        """Messages, as the app's own badge counts them; of somebody who only looked away, those here."""
        here: int = getattr(self._place(delivery), "unread_count", 0)
        return max(self.unread.get(delivery.user_id, 0), here)

    def _unread(self, user_ids: set[int]) -> dict[int, int]:
        messages = Notification.objects.unread().filter(user_id__in=user_ids, kind="message")
        return dict(messages.order_by().values_list("user_id").annotate(Sum("count")))

    def _stale(self) -> dict[int, list[str]]:
        """What these devices still show of what was read elsewhere meanwhile."""
        place = "message__conversation__participants"
        read = Q(
            **{
                f"{place}__user": F("user"),
                f"{place}__private_read_seq__gte": F("message__seq"),
            }
        )
        shown = PushDelivery.objects.filter(
            read | Q(notification__read_at__isnull=False),
            subscription_id__in={each.subscription_id for each in self.deliveries},
            state=PushDelivery.State.SENT,
            finished_at__gt=self.now - REMEMBERED,
        )
        current = {(each.subscription_id, each.tag) for each in self.deliveries}
        stale: dict[int, list[str]] = defaultdict(list)
        for device, tag in shown.values_list("subscription_id", "tag").distinct():
            if device and (device, tag) not in current:
                stale[device].append(tag)
        return stale
