"""How many others there are in conversations, and how far the slowest of them has got."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count, Min, Q, QuerySet

from chatproject.prepared import Given, GivenIds, prepared
from conversations.models import Participant
from conversations.plain import Others, Row

NOBODY = Others(0, None, None)


def others_in(conversation_ids: Collection[int], *, user_id: int) -> dict[int, Others]:
    """Without this person; one query for however many conversations."""
    found = dict.fromkeys(conversation_ids, NOBODY)
    for pk, *others in _others().rows(conversation_ids=conversation_ids, user_id=user_id):
        found[pk] = Others(*others)
    return found


@prepared
def _others() -> QuerySet[Participant, Row]:
    return (
        Participant.objects.current()
        .filter(conversation_id__among=GivenIds("conversation_ids"))
        .exclude(user_id=Given("user_id"))
        .values("conversation_id")
        .annotate(
            number=Count("pk"),
            delivered=Min("delivered_seq", filter=Q(confirms=True)),
            read=Min("read_seq", filter=Q(confirms=True)),
        )
        .values_list("conversation_id", "number", "delivered", "read")
    )
