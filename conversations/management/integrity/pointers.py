"""How far people have got, why, and what they have not read."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, Lag

from conversations.management.integrity.check import check
from conversations.models import HiddenMessage, Message, Participant, Receipt

POINTERS = {
    "delivered_seq": Receipt.Kind.DELIVERED,
    "private_read_seq": Receipt.Kind.PRIVATE_READ,
    "read_seq": Receipt.Kind.READ,
}
OF_PLACE = {"conversation": OuterRef("conversation"), "user": OuterRef("user")}


@check("nobody has got further than there are messages for them", noun="participant")
def pointers_within_bounds() -> Iterable[int]:
    beyond = Q(delivered_seq__gt=Coalesce("left_seq", "conversation__last_seq"))
    left_later = Q(left_seq__gt=F("conversation__last_seq"))
    return Participant.objects.filter(beyond | left_later).values_list("pk", flat=True)


@check("read implies delivered", noun="participant")
def pointers_in_order() -> Iterable[int]:
    disordered = Q(read_seq__gt=F("private_read_seq")) | Q(private_read_seq__gt=F("delivered_seq"))
    return Participant.objects.filter(disordered).values_list("pk", flat=True)


@check("pointers got where they are by a receipt, an own message or joining", noun="participant")
def pointers_have_a_cause() -> Iterable[int]:
    without = Q()
    for pointer, kind in POINTERS.items():
        moved = Receipt.objects.filter(**OF_PLACE, kind=kind, to_seq=OuterRef(pointer))
        said = _own_messages().filter(seq=OuterRef(pointer))
        joined = Message.objects.filter(
            conversation=OuterRef("conversation"), kind="system", seq=OuterRef(pointer) + 1
        )
        without |= Q(**{f"{pointer}__gt": 0}) & ~_any(moved, said, joined)
    return Participant.objects.filter(without).values_list("pk", flat=True)


@check("pointers are not behind receipts or own messages", noun="participant")
def pointers_not_behind() -> Iterable[int]:
    behind = Q(Exists(_own_messages().filter(seq__gt=OuterRef("private_read_seq"))))
    for pointer, kind in POINTERS.items():
        further = Receipt.objects.filter(**OF_PLACE, kind=kind, to_seq__gt=OuterRef(pointer))
        behind |= Q(Exists(further))
    return Participant.objects.filter(behind).values_list("pk", flat=True)


@check("receipts of one pointer follow one another", noun="receipt")
def receipts_in_order() -> Iterable[int]:
    previous = Window(
        Lag("to_seq"), partition_by=["conversation", "user", "kind"], order_by=["to_seq"]
    )
    overlapping = Receipt.objects.annotate(previous=previous).filter(from_seq__lt=F("previous"))
    return overlapping.values_list("pk", flat=True)


@check("receipts are of participants, for messages that there are", noun="receipt")
def receipts_of_participants() -> Iterable[int]:
    stranger = ~Exists(Participant.objects.filter(**OF_PLACE))
    beyond = Q(to_seq__gt=F("conversation__last_seq"))
    return Receipt.objects.filter(stranger | beyond).values_list("pk", flat=True)


@check("absences are ranges in order, behind the read pointer", noun="participant")
def absences() -> Iterable[int]:
    places = Participant.objects.exclude(absences=[])
    rows = places.values_list("pk", "absences", "private_read_seq").iterator()
    return [pk for pk, ranges, read_seq in rows if not _are_absences(ranges, read_seq)]


@check("unread counts equal a recount", noun="participant")
def unread() -> Iterable[int]:
    shown: QuerySet[Any] = Participant.objects.with_unread_count()
    counts = dict(shown.filter(unread_count__gt=0).values_list("pk", "unread_count"))
    recounts = _recounted_unread()
    return sorted(
        pk for pk in counts.keys() | recounts.keys() if counts.get(pk) != recounts.get(pk)
    )


def _own_messages() -> QuerySet[Message]:
    return Message.objects.filter(
        conversation=OuterRef("conversation"), sender=OuterRef("user"), kind="text"
    )


def _any(*querysets: QuerySet[Any]) -> Q:
    return reduce(or_, (Q(Exists(queryset)) for queryset in querysets))


def _are_absences(ranges: object, read_seq: int) -> bool:
    end = 0
    for item in ranges if isinstance(ranges, list) else [None]:
        match item:
            case [int(first), int(last)] if end < first <= last <= read_seq:
                end = last
            case _:
                return False
    return True


def _recounted_unread() -> dict[int, int]:
    """By joining and grouping, where the list of conversations counts row by row."""
    unread, hidden = _behind_pointer(), _hidden_behind_pointer()
    return {pk: left for pk, total in unread.items() if (left := total - hidden.get(pk, 0))}


def _behind_pointer() -> dict[int, int]:
    message = "conversation__messages__"
    beyond_pointer = Q(**{f"{message}seq__gt": F("private_read_seq")})
    unread_text = (
        Q(**{f"{message}kind": "text", f"{message}deleted_at": None})
        & Q(**{f"{message}seq__lte": Coalesce("left_seq", "conversation__last_seq")})
        & ~Q(**{f"{message}sender": F("user")})
    )
    counted = Participant.objects.filter(beyond_pointer).annotate(
        total=Count("conversation__messages", filter=unread_text)
    )
    return dict(counted.filter(total__gt=0).values_list("pk", "total"))


def _hidden_behind_pointer() -> dict[int, int]:
    message = Message.objects.filter(
        conversation=OuterRef("conversation"), seq=OuterRef("seq"), kind="text", deleted_at=None
    ).exclude(sender=OuterRef("user"))
    place = Participant.objects.filter(
        conversation=OuterRef("conversation"),
        user=OuterRef("user"),
        private_read_seq__lt=OuterRef("seq"),
    )
    hidden = HiddenMessage.objects.filter(Exists(message)).annotate(
        place=Subquery(place.values("pk"))
    )
    counted = hidden.filter(place__isnull=False).values("place").annotate(total=Count("pk"))
    return dict(counted.values_list("place", "total"))
