"""What is done now and then: forgetting what nobody needs to know any more, and mailing digests."""

from datetime import datetime, timedelta

from django.conf import settings

from accounts.services.exports import discard_expired_exports
from notifications.digest import enqueue_digests
from notifications.models import PushDecision, PushDelivery, PushSubscription


def tidy(*, now: datetime) -> None:
    """The log ends somewhere; and a device that was signed out whatever way is no address any more."""
    oldest = now - timedelta(days=settings.PUSH_LOG_DAYS)
    PushDelivery.objects.finished_before(oldest).delete()
    PushDecision.objects.before(oldest).delete()
    PushSubscription.objects.filter(session__revoked_at__isnull=False).delete()
    discard_expired_exports(now=now)
    enqueue_digests(now=now)
