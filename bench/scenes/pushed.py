"""What became of the pushes of a group, by state."""

from __future__ import annotations

from django.db.models import Count

from notifications.deliveries import tag_of_conversation
from notifications.models import OutboxEntry, PushDelivery


def make(*, group: int) -> dict[str, int]:
    deliveries = PushDelivery.objects.filter(tag=tag_of_conversation(group)).order_by()
    states = dict(deliveries.values_list("state").annotate(Count("pk")))
    return {"undecided": OutboxEntry.objects.count(), **states}
