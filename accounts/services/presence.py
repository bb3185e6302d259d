"""What of presence is kept: when a person was last here."""

from collections.abc import Iterable

from django.utils import timezone

from accounts.models import User


def store_last_seen(*, user_ids: Iterable[int]) -> None:
    """Called when people come online and when they go: a crash of everything leaves the former."""
    User.objects.filter(pk__in=set(user_ids)).update(last_seen_at=timezone.now())
