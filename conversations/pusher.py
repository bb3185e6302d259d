"""The worker that pushes: decides what is due, sends it, tidies up; again and again.

Any number of them may run, as a thread of the server or by `manage.py push_worker`.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from chatproject.courier import Courier
from conversations.services.announcing import announce_due
from conversations.services.delivering import MAX_TAKEN, Round, Send, deliver_due, take_due
from notifications import deliveries
from notifications.housekeeping import tidy
from notifications.models import PushDelivery
from notifications.push.answers import Answer
from notifications.push.message import Push
from notifications.push.sender import Sender

Parcel = tuple[PushDelivery, Push]


class PushCarrier:
    """The sender, which knows no deliveries."""

    def __init__(self) -> None:
        self._sender = Sender()

    async def carry(self, item: Parcel) -> Answer:
        return await self._sender.send(item[1])

    async def close(self) -> None:
        await self._sender.close()


class Pusher(Courier[Parcel, Answer]):
    capacity = MAX_TAKEN

    def carrier(self) -> PushCarrier:
        return PushCarrier()

    def take(self, limit: int) -> tuple[Sequence[Parcel], bool]:
        announced = announce_due(now=timezone.now())
        taken = take_due(now=timezone.now(), limit=limit) if limit else Round([])
        return taken.pushes, taken.is_busy or bool(announced)

    def settle(self, answers: Sequence[tuple[Parcel, Answer]]) -> None:
        deliveries.settle([(delivery, answer) for (delivery, _push), answer in answers])

    def tidy(self) -> None:
        tidy(now=timezone.now())


def work(send: Send) -> bool:
    """One round, from the outbox to the answers, for who waits for it. True if there may be more."""
    announced = announce_due(now=timezone.now())
    delivered = deliver_due(now=timezone.now(), send=send)
    return bool(announced or delivered)
