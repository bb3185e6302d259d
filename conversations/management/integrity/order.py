"""The numbers of messages and the versions of changes."""

from collections.abc import Iterable

from django.db.models import Count, F, Max, Min, Q
from django.db.models.functions import Coalesce

from conversations.management.integrity.check import check
from conversations.models import Conversation, Message, Participant


@check("messages are numbered 1, 2, 3 … without gap or double", noun="conversation")
def numbering() -> Iterable[int]:
    numbered = (
        Message.objects.order_by()
        .values("conversation_id")
        .annotate(first=Min("seq"), last=Max("seq"), numbers=Count("seq", distinct=True))
        .annotate(total=Count("pk"))
    )
    wrong = ~Q(first=1) | ~Q(last=F("numbers")) | ~Q(total=F("numbers"))
    return numbered.filter(wrong).values_list("conversation_id", flat=True)


@check("conversations know the number of their last message", noun="conversation")
def last_number() -> Iterable[int]:
    counted = Conversation.objects.annotate(real_last=Coalesce(Max("messages__seq"), 0))
    return counted.exclude(last_seq=F("real_last")).values_list("pk", flat=True)


@check("conversations know their last message and when it was", noun="conversation")
def last_message() -> Iterable[int]:
    another = ~Q(last_message__conversation=F("pk")) | ~Q(last_message__seq=F("last_seq"))
    another_time = ~Q(last_message__created_at=F("last_message_at"))
    sorted_wrongly = Q(last_activity_at__lt=F("last_message_at"))
    missing = Q(last_message=None, last_seq__gt=0)
    with_one = Q(last_message__isnull=False) & (another | another_time | sorted_wrongly)
    return Conversation.objects.filter(missing | with_one).values_list("pk", flat=True)


@check("messages carry a version that their conversation has reached", noun="message")
def message_versions() -> Iterable[int]:
    # Each message took a version when it came, so its own cannot be below its number.
    impossible = Q(version__gt=F("conversation__version")) | Q(version__lt=F("seq"))
    return Message.objects.filter(impossible).values_list("pk", flat=True)


@check("participants carry a version that their conversation has reached", noun="participant")
def participant_versions() -> Iterable[int]:
    ahead = Q(version__gt=F("conversation__version")) | Q(
        left_version__gt=F("conversation__version")
    )
    return Participant.objects.filter(ahead).values_list("pk", flat=True)


@check("no two messages changed in the same version", noun="conversation")
def shared_versions() -> Iterable[int]:
    shared = (
        Message.objects.order_by()
        .values("conversation_id", "version")
        .annotate(total=Count("pk"))
        .filter(total__gt=1)
    )
    return shared.values_list("conversation_id", flat=True).distinct()
