"""What people are told while they are not looking."""

from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from conversations.management.integrity.check import check
from conversations.models import Participant
from notifications.models import Notification


@check("notifications are for participants, of others' messages in that conversation",
       noun="notification")  # fmt: skip
def recipients() -> Iterable[int]:
    stranger = Q(conversation__isnull=False) & ~Exists(_places())
    elsewhere = Q(message__isnull=False) & ~Q(message__conversation=F("conversation"))
    own = Q(message__sender=F("user"))
    nothing = Q(count__lt=1)
    wrong = Notification.objects.filter(stranger | elsewhere | own | nothing)
    return wrong.values_list("pk", flat=True)


@check("what was read is not announced any more", noun="notification")
def stale() -> Iterable[int]:
    read = _places().filter(private_read_seq__gte=OuterRef("message__seq"))
    return Notification.objects.unread().filter(Exists(read)).values_list("pk", flat=True)


def _places() -> QuerySet[Participant]:
    return Participant.objects.filter(conversation=OuterRef("conversation"), user=OuterRef("user"))
