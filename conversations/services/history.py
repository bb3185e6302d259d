"""The messages of a conversation, a page at a time, by seq."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Min, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from chatproject.errors import Invalid
from chatproject.events import MessagesPage, MessagesQuery
from conversations.models import Message, Participant, Receipt
from conversations.serializers import Standing, message_shape
from conversations.services.membership import participation


def page_of_messages(*, actor: User, conversation_id: int, query: MessagesQuery) -> MessagesPage:
    """Ascending by seq, whichever side is asked for. At most one of before, after, around."""
    if sum(bound is not None for bound in (query.before, query.after, query.around)) > 1:
        raise Invalid(_("Use one of before, after and around."), attr="before")
    place = participation(actor=actor, conversation_id=conversation_id)
    messages, has_older, has_newer = _select(place, query)
    standing = standing_of(place, messages)
    return MessagesPage(
        conversation_id=conversation_id,
        messages=[message_shape(message, standing) for message in messages],
        has_older=has_older,
        has_newer=has_newer,
    )


def standing_of(place: Participant, messages: Sequence[Message]) -> Standing:
    """What the ticks of these messages derive from: two queries, however many they are."""
    others = place.conversation.participants.current().exclude(user_id=place.user_id)
    lowest = others.aggregate(delivered=Min("delivered_seq"), read=Min("read_seq"))
    last = place.last_visible_seq
    return Standing(
        viewer_id=place.user_id,
        read_seq=place.private_read_seq,
        delivered_to_all_seq=last if lowest["delivered"] is None else lowest["delivered"],
        read_by_all_seq=last if lowest["read"] is None else lowest["read"],
        read_at=_read_times(place, messages),
    )


def _select(place: Participant, query: MessagesQuery) -> tuple[list[Message], bool, bool]:
    if query.after is not None:
        newer, has_newer = _newer(place, query.after, query.limit)
        return newer, _exists_up_to(place, query.after), has_newer
    if query.around is not None:
        half = query.limit // 2
        older, has_older = _older(place, query.around + 1, query.limit - half)
        newer, has_newer = _newer(place, query.around, half)
        return older + newer, has_older, has_newer
    before = place.last_visible_seq + 1 if query.before is None else query.before
    older, has_older = _older(place, before, query.limit)
    return older, has_older, before <= place.last_visible_seq


def _older(place: Participant, before: int, limit: int) -> tuple[list[Message], bool]:
    visible = Message.objects.visible_to_participant(place).with_people()
    found = list(visible.filter(seq__lt=before).order_by("-seq")[: limit + 1])
    return found[:limit][::-1], len(found) > limit


def _newer(place: Participant, after: int, limit: int) -> tuple[list[Message], bool]:
    visible = Message.objects.visible_to_participant(place).with_people()
    found = list(visible.filter(seq__gt=after).order_by("seq")[: limit + 1])
    return found[:limit], len(found) > limit


def _exists_up_to(place: Participant, seq: int) -> bool:
    return Message.objects.visible_to_participant(place).filter(seq__lte=seq).exists()


def _read_times(place: Participant, messages: Sequence[Message]) -> dict[int, datetime]:
    """When each of these was read, in a direct conversation: own ones by the other, theirs by me."""
    if place.conversation.is_group or not messages:
        return {}
    receipts = Receipt.objects.filter(
        conversation_id=place.conversation_id,
        to_seq__gte=messages[0].seq,
        from_seq__lt=messages[-1].seq,
    )
    mine, theirs = Q(user_id=place.user_id), ~Q(user_id=place.user_id)
    by_peer = _by_seq(receipts.filter(theirs, kind=Receipt.Kind.READ), messages)
    by_me = _by_seq(receipts.filter(mine, kind=Receipt.Kind.PRIVATE_READ), messages)
    return {
        message.seq: times[message.seq]
        for message in messages
        if message.seq in (times := by_peer if message.sender_id == place.user_id else by_me)
    }


def _by_seq(receipts: QuerySet[Receipt], messages: Sequence[Message]) -> dict[int, datetime]:
    """Advances do not overlap, so that each message falls into at most one."""
    advances = list(receipts.order_by("to_seq"))
    ends = [receipt.to_seq for receipt in advances]
    times: dict[int, datetime] = {}
    for message in messages:
        place = bisect_left(ends, message.seq)
        if place < len(advances) and advances[place].from_seq < message.seq:
            times[message.seq] = advances[place].at
    return times
