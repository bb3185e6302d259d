"""Catching up: everything that changed after the versions that a client holds.

The answer is bounded and never silently short: while `limited` is set, the client asks again with the
versions that it then holds, and each answer gets it further.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.viewer import GIVEN_VIEWER, viewer_values
from chatproject.events import ConversationChanges, ConversationShape, SyncPage
from chatproject.prepared import prepared
from conversations.models import Message, Participant
from conversations.plain import PlainMessage, PlainOwn, PlainPlace, Row
from conversations.querysets import visible_part
from conversations.serializers import (
    Standing,
    message_shape,
    participant_shapes,
    preferences,
)
from conversations.services.hiding import deletions_after
from conversations.services.listing import conversation_shapes, places_by_id

# Bounds of one answer.
MAX_CONVERSATIONS = 100
MAX_PARTICIPANTS = 2000
MAX_MESSAGES = 1000
MAX_CHARACTERS = 256 * 1024
# A conversation that the client does not know yet comes with this many latest messages.
LATEST = 30


def sync(
    *, actor: User, held: Mapping[int, int], deleted_for_me_after: int | None = None
) -> SyncPage:
    """`held`: the version held of each known conversation. See SyncPage for the answer."""
    # Before all else: what is deleted meanwhile is told next time.
    deleted = deletions_after(actor=actor, number=deleted_for_me_after)
    mine = {place.conversation_id: place for place in _mine(actor)}
    behind = [pk for pk, place in mine.items() if held.get(pk) != place.visible_version]
    places = places_by_id(actor=actor, conversation_ids=behind[:MAX_CONVERSATIONS])
    shapes = _within_bounds(conversation_shapes(actor, places))
    answered = _changes(places[: len(shapes)], shapes, held)
    return SyncPage(
        conversations=answered,
        read_seqs={pk: mine[pk].private_read_seq for pk in held if pk in mine},
        preferences={
            pk: preferences(mine[pk]) for pk in held if pk in mine and mine[pk].has_preferences
        },
        gone=sorted(set(held) - set(mine)),
        deleted_for_me=deleted.told,
        deleted_for_me_up_to=deleted.up_to,
        limited=len(answered) < len(behind)
        or deleted.is_cut
        or any(one.limited for one in answered),
    )


def _mine(actor: User) -> list[PlainOwn]:
    return [PlainOwn._make(row) for row in _own().rows(**viewer_values(actor))]


@prepared
def _own() -> QuerySet[Participant, Row]:
    """Of all own conversations, newest first."""
    places = Participant.objects.visible_to(GIVEN_VIEWER).newest_first()
    version = Coalesce("left_version", "conversation__version")
    return places.annotate(visible_version=version).values_list(*PlainOwn._fields)


def _within_bounds(shapes: list[ConversationShape]) -> list[ConversationShape]:
    """At least one, however large."""
    people = 0
    for number, shape in enumerate(shapes):
        people += shape.member_count
        if number and people > MAX_PARTICIPANTS:
            return shapes[:number]
    return shapes


def _changes(
    places: Sequence[PlainPlace], shapes: Sequence[ConversationShape], held: Mapping[int, int]
) -> list[ConversationChanges]:
    since = {place.conversation_id: _since(place, held) for place in places}
    participants = _changed_participants(places, since)
    messages = _changed_messages(places, since)
    kept = _how_many_fit(messages)
    first_left_out = messages[kept] if kept < len(messages) else None
    by_conversation = defaultdict(list)
    for message in messages[:kept]:
        by_conversation[message.conversation_id].append(message)
    answered = []
    for place, shape in sorted(zip(places, shapes, strict=True), key=lambda each: each[1].id):
        is_cut = first_left_out is not None and shape.id == first_left_out.conversation_id
        if is_cut and not by_conversation[shape.id]:
            break
        people, said = participants[shape.id], by_conversation[shape.id]
        answered.append(_answer(place, shape, people, said, is_cut=is_cut))
        if is_cut:
            break
    return answered


def _how_many_fit(messages: Sequence[PlainMessage]) -> int:
    """At least one, however long."""
    characters = 0
    for number, message in enumerate(messages[:MAX_MESSAGES]):
        characters += len(message.content)
        if number and characters > MAX_CHARACTERS:
            return number
    return min(len(messages), MAX_MESSAGES)


def _since(place: PlainPlace, held: Mapping[int, int]) -> int | None:
    """The version to start from; None for a conversation that the client does not know.

    A version from the future means that the client has seen a database that is gone: it starts anew.
    """
    version = held.get(place.conversation_id)
    return None if version is None or version > place.last_visible_version else version


def _answer(
    place: PlainPlace,
    shape: ConversationShape,
    participants: Sequence[Participant],
    messages: Sequence[PlainMessage],
    *,
    is_cut: bool,
) -> ConversationChanges:
    standing = Standing(
        viewer_id=place.user_id,
        read_seq=shape.read_seq,
        delivered_to_all_seq=shape.delivered_to_all_seq,
        read_by_all_seq=shape.read_by_all_seq,
    )
    return ConversationChanges(
        conversation=shape,
        participants=participant_shapes(place, participants),
        messages=[message_shape(message, standing) for message in messages],
        version=messages[-1].version if is_cut else shape.version,
        limited=is_cut,
    )


def _changed_participants(
    places: Sequence[PlainPlace], since: Mapping[int, int | None]
) -> dict[int, list[Participant]]:
    wanted = Q(pk__in=[])
    for place in places:
        condition = Q(conversation_id=place.conversation_id)
        if (version := since[place.conversation_id]) is not None:
            condition &= Q(version__gt=version)
        wanted |= condition
    found = defaultdict(list)
    for one in Participant.objects.filter(wanted).select_related("user").order_by("pk"):
        found[one.conversation_id].append(one)
    return found


def _changed_messages(
    places: Sequence[PlainPlace], since: Mapping[int, int | None]
) -> list[PlainMessage]:
    """By conversation and version, one more than fits into an answer."""
    wanted = Q(pk__in=[])
    for place in places:
        version = since[place.conversation_id]
        condition = visible_part(place)
        if version is None:
            condition &= Q(seq__gt=place.last_visible_seq - LATEST)
        else:
            condition &= Q(version__gt=version)
        wanted |= condition
    if not places:
        return []
    found = Message.objects.filter(wanted).not_hidden_from(places[0].user_id)
    rows = found.order_by("conversation_id", "version").as_rows()
    return [PlainMessage._make(row) for row in rows[: MAX_MESSAGES + 1]]
