"""What is to be told to programs outside: written in the transaction in which it happened, carried later."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import orjson
from django.utils import timezone

from chatproject.events import as_utc_text
from conversations.outside import Happening
from integrations.listeners import Listener, listeners
from integrations.models import WebhookDelivery


class Outbox:
    def bots(self) -> Collection[int]:
        return {each.bot_id for each in listeners() if each.events}

    def hand_on(self, happenings: Sequence[Happening]) -> None:
        known = listeners()
        if not known:
            return
        self._forget_words(happenings, {each.organization_id for each in known})
        planned = [row for each in happenings for row in self._rows(each, known)]
        if planned:
            WebhookDelivery.objects.bulk_create(planned)

    def _rows(self, happening: Happening, known: Sequence[Listener]) -> Iterator[WebhookDelivery]:
        event, payload = happening.event, None
        for listener in known:
            if (
                event.name in listener.events
                and listener.bot_id in happening.to
                and listener.bot_id != happening.by
            ):
                payload = payload or payload_of(event.name, event._encoded)
                yield new_delivery(listener.endpoint_id, event.name, payload, happening.message_id)

    def _forget_words(
        self, happenings: Sequence[Happening], organization_ids: Collection[int]
    ) -> None:
        deleted = [each for each in happenings if each.organization_id in organization_ids]
        if gone := [each.message_id for each in deleted]:
            WebhookDelivery.objects.withdraw(message_ids=gone, now=timezone.now())


def payload_of(event: str, data: bytes) -> str:
    """As the Standard Webhooks have it; `data` is what a socket would be told."""
    body = {"type": event, "timestamp": as_utc_text(timezone.now()), "data": orjson.Fragment(data)}
    return orjson.dumps(body).decode()


def new_delivery(
    endpoint_id: int, event: str, payload: str, message_id: int | None = None
) -> WebhookDelivery:
    now = timezone.now()
    return WebhookDelivery(
        endpoint_id=endpoint_id,
        event=event,
        payload=payload,
        message_id=message_id,
        due_at=now,
        created_at=now,
    )


OUTBOX = Outbox()
