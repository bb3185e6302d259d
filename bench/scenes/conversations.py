"""Direct conversations of given pairs, without a query for each."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from accounts.models import User
from conversations.models import Conversation, Participant


def directs(pairs: Iterable[tuple[User, User]]) -> list[Conversation]:
    found = [direct(*pair) for pair in pairs]
    Conversation.objects.bulk_create(found, batch_size=2000)
    places = [
        Participant(conversation=each, user=user)
        for each in found
        for user in (each.lower_user, each.higher_user)
    ]
    Participant.objects.bulk_create(places, batch_size=2000)
    return found


def direct(one: User, other: User) -> Conversation:
    lower, higher = sorted((one, other), key=lambda user: user.pk)
    return Conversation(
        organization=one.organization,
        kind=Conversation.Kind.DIRECT,
        created_by=one,
        lower_user=lower,
        higher_user=higher,
        last_activity_at=timezone.now(),
    )
