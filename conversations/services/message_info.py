"""One message by itself: what its reader may do with it, and how far it has got."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.shapes import person_shape
from chatproject.errors import Forbidden, NotFound
from chatproject.events import MessageInfo, MessageShape, ReceiptShape
from conversations import policies
from conversations.models import Message, Participant, Receipt
from conversations.serializers import message_shape
from conversations.services.history import standing_of
from conversations.services.membership import participation

# What a reader withholds from others is of the third kind, and never told here.
TOLD = [Receipt.Kind.DELIVERED, Receipt.Kind.READ]
Times = dict[tuple[int, str], datetime]


@dataclass(frozen=True)
class MessageInFull:
    message: MessageShape
    can_reply: bool
    can_edit: bool
    can_delete: bool
    # None of what somebody else wrote.
    info: MessageInfo | None


def message_info(*, actor: User, conversation_id: int, message_id: int) -> MessageInfo:
    """Raises NotFound (outsiders), Forbidden `cannot_see_receipts` (somebody else's message)."""
    place, message = _visible(actor, conversation_id, message_id)
    if not policies.can_see_receipts(place, message):
        raise Forbidden(_("Only who wrote a message sees this."), code="cannot_see_receipts")
    return _info(place, message)


def message_in_full(*, actor: User, conversation_id: int, message_id: int) -> MessageInFull:
    place, message = _visible(actor, conversation_id, message_id)
    is_told = policies.can_see_receipts(place, message)
    return MessageInFull(
        message=message_shape(message, standing_of(place, message)),
        can_reply=policies.can_post(place) and message.deleted_at is None,
        can_edit=policies.can_edit(place, message, now=timezone.now()),
        can_delete=policies.can_delete(place, message),
        info=_info(place, message) if is_told else None,
    )


def _visible(actor: User, conversation_id: int, message_id: int) -> tuple[Participant, Message]:
    place = participation(actor=actor, conversation_id=conversation_id)
    visible = Message.objects.visible_to_participant(place).filter(kind=Message.Kind.TEXT)
    message = visible.with_people().filter(pk=message_id).first()
    if message is None:
        raise NotFound
    return place, message


def _info(place: Participant, message: Message) -> MessageInfo:
    times = _times(message)
    others = _others(place, message)
    receipts = [_receipt(one, message, times) for one in others if _has(one, message)]
    return MessageInfo(
        conversation_id=message.conversation_id,
        message_id=message.pk,
        seq=message.seq,
        receipts=sorted(receipts, key=lambda one: not one.is_read),
        remaining_count=len(others) - len(receipts),
    )


def _others(place: Participant, message: Message) -> list[Participant]:
    """Whom it is meant for: members now who were members then."""
    members = place.conversation.participants.current().filter(confirms=True)
    members = members.exclude(user_id=place.user_id)
    return [
        one
        for one in members.select_related("user").order_by("user__display_name", "pk")
        if not _missed(one.absences, message.seq)
    ]


def _missed(absences: Iterable[tuple[int, int]], seq: int) -> bool:
    return any(first <= seq <= last for first, last in absences)


def _has(participant: Participant, message: Message) -> bool:
    return participant.delivered_seq >= message.seq


def _receipt(participant: Participant, message: Message, times: Times) -> ReceiptShape:
    is_read = participant.read_seq >= message.seq
    return ReceiptShape(
        user=person_shape(participant.user),
        delivered_at=times.get((participant.user_id, Receipt.Kind.DELIVERED)),
        is_read=is_read,
        read_at=times.get((participant.user_id, Receipt.Kind.READ)) if is_read else None,
    )


def _times(message: Message) -> Times:
    """Each message falls into at most one advance of each pointer."""
    advances = Receipt.objects.filter(
        conversation_id=message.conversation_id,
        kind__in=TOLD,
        from_seq__lt=message.seq,
        to_seq__gte=message.seq,
    )
    return {(one.user_id, one.kind): one.at for one in advances}
