"""The messages of a conversation, a page at a time, by seq."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, DateTimeField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.viewer import GIVEN_VIEWER, viewer_values
from chatproject.errors import Invalid, NotFound
from chatproject.events import MessagesPage, MessagesQuery
from chatproject.prepared import Given, prepared
from conversations.given import given_place, place_values
from conversations.models import Conversation, Message, Participant, Receipt
from conversations.plain import PlainMessage, Row
from conversations.querysets import visible_part
from conversations.serializers import Standing, message_shape


def page_of_messages(*, actor: User, conversation_id: int, query: MessagesQuery) -> MessagesPage:
    """Ascending by seq, whichever side is asked for. At most one of before, after, around."""
    if sum(bound is not None for bound in (query.before, query.after, query.around)) > 1:
        raise Invalid(_("Use one of before, after and around."), attr="before")
    place = _place().first(conversation_id=conversation_id, **viewer_values(actor))
    if place is None:
        raise NotFound
    rows, has_older, has_newer = _select(place, query)
    standing = _standing(place, rows)
    return MessagesPage(
        conversation_id=conversation_id,
        messages=[message_shape(PlainMessage._make(row[:-1]), standing) for row in rows],
        has_older=has_older,
        has_newer=has_newer,
    )


def standing_of(place: Participant, message: Message) -> Standing:
    """What the ticks of this message derive from, for a place that was found otherwise."""
    found = Participant.objects.filter(pk=place.pk).select_related("conversation")
    return _standing(found.with_slowest_of_others().get(), _older(place, message.seq + 1, 1)[0])


@prepared
def _place() -> QuerySet[Participant]:
    places = Participant.objects.visible_to(GIVEN_VIEWER)
    found = places.filter(conversation_id=Given("conversation_id"))
    return found.select_related("conversation").with_slowest_of_others()


def _select(place: Participant, query: MessagesQuery) -> tuple[list[Row], bool, bool]:
    if query.after is not None:
        newer, has_newer = _newer(place, query.after, query.limit)
        return newer, bool(_older(place, query.after + 1, 1)[0]), has_newer
    if query.around is not None:
        half = query.limit // 2
        older, has_older = _older(place, query.around + 1, query.limit - half)
        newer, has_newer = _newer(place, query.around, half)
        return older + newer, has_older, has_newer
    before = place.last_visible_seq + 1 if query.before is None else query.before
    older, has_older = _older(place, before, query.limit)
    return older, has_older, before <= place.last_visible_seq


def _older(place: Participant, before: int, limit: int) -> tuple[list[Row], bool]:
    messages = _messages_before(place.conversation.kind, len(place.absences), limit + 1)
    found = messages.rows(before=before, **place_values(place))
    return found[:limit][::-1], len(found) > limit


def _newer(place: Participant, after: int, limit: int) -> tuple[list[Row], bool]:
    messages = _messages_after(place.conversation.kind, len(place.absences), limit + 1)
    found = messages.rows(after=after, **place_values(place))
    return found[:limit], len(found) > limit


@prepared
def _messages_before(kind: str, absences: int, limit: int) -> QuerySet[Message, Row]:
    return _visible(kind, absences).filter(seq__lt=Given("before")).order_by("-seq")[:limit]


@prepared
def _messages_after(kind: str, absences: int, limit: int) -> QuerySet[Message, Row]:
    return _visible(kind, absences).filter(seq__gt=Given("after")).order_by("seq")[:limit]


def _visible(kind: str, absences: int) -> QuerySet[Message, Row]:
    """Rows of PlainMessage, and of a direct conversation when each was read."""
    visible = Message.objects.filter(visible_part(given_place(absences)))
    visible = visible.not_hidden_from(Given("user_id"))
    if kind == Conversation.Kind.GROUP:
        return visible.values_list(*PlainMessage._fields, Value(None, DateTimeField()))
    is_mine = Q(sender_id=Given("user_id"))
    read, private_read = Value(Receipt.Kind.READ), Value(Receipt.Kind.PRIVATE_READ)
    read_by_whom = visible.annotate(
        reader_id=Case(When(is_mine, then=Given("peer_id")), default=Given("user_id")),
        reading=Case(When(is_mine, then=read), default=private_read),
    )
    return read_by_whom.values_list(*PlainMessage._fields, Subquery(_advance()))


def _advance() -> QuerySet[Receipt, Any]:
    """The one that covers the message: by the other person if it is mine, by me if it is theirs."""
    advances = Receipt.objects.filter(
        conversation_id=Given("conversation_id"),
        user_id=OuterRef("reader_id"),
        kind=OuterRef("reading"),
        from_seq__lt=OuterRef("seq"),
        to_seq__gte=OuterRef("seq"),
    )
    return advances.order_by("to_seq").values("at")[:1]


def _standing(place: Participant, rows: Sequence[Row]) -> Standing:
    last = place.last_visible_seq
    delivered, read = place.others_delivered_seq, place.others_read_seq  # type: ignore[attr-defined]
    seq = PlainMessage._fields.index("seq")
    return Standing(
        viewer_id=place.user_id,
        read_seq=place.private_read_seq,
        delivered_to_all_seq=last if delivered is None else delivered,
        read_by_all_seq=last if read is None else read,
        read_at={row[seq]: row[-1] for row in rows if row[-1]},
    )
