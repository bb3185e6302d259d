"""The worker that tells programs outside of what happened. Any number of them may run."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from chatproject.courier import Courier
from integrations.carrying import Answer, Parcel, WebhookCarrier, carry_now
from integrations.services.delivering import forget_old, settle, take_due, take_one


class Teller(Courier[Parcel, Answer]):
    tidy_interval = 600

    def carrier(self) -> WebhookCarrier:
        return WebhookCarrier()

    def take(self, limit: int) -> tuple[Sequence[Parcel], bool]:
        return take_due(now=timezone.now(), limit=limit)

    def settle(self, answers: Sequence[tuple[Parcel, Answer]]) -> None:
        settle(answers=answers)

    def tidy(self) -> None:
        forget_old(now=timezone.now())


def tell_now(*, delivery_id: int) -> None:
    """This one, for who waits for it. Another worker may have been quicker."""
    parcels = take_one(delivery_id=delivery_id, now=timezone.now())
    settle(answers=list(zip(parcels, carry_now(parcels), strict=True)) if parcels else [])


def work() -> bool:
    """One round, for who waits for it. True if there was anything to do."""
    parcels, _is_busy = take_due(now=timezone.now(), limit=Teller.capacity)
    settle(answers=list(zip(parcels, carry_now(parcels), strict=True)) if parcels else [])
    return bool(parcels)
