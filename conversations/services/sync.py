"""Catching up: everything that changed after the versions that a client holds.

The answer is bounded and never silently short: while `limited` is set, the client asks again with the
versions that it then holds, and each answer gets it further.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import Q

from accounts.models import User
from chatproject.events import ConversationChanges, ConversationShape, SyncPage
from conversations.models import Message, Participant
from conversations.querysets import visible_part
from conversations.serializers import (
    Standing,
    message_shape,
    participant_shapes,
    preferences,
)
from conversations.services.listing import conversation_shapes

# Bounds of one answer.
MAX_CONVERSATIONS = 100
MAX_PARTICIPANTS = 2000
MAX_MESSAGES = 1000
MAX_CHARACTERS = 256 * 1024
# A conversation that the client does not know yet comes with this many latest messages.
LATEST = 30


def sync(*, actor: User, held: Mapping[int, int]) -> SyncPage:
    """`held`: the version held of each known conversation. See SyncPage for the answer."""
    places = Participant.objects.visible_to(actor).newest_first()
    mine = {place.conversation_id: place for place in places.select_related("conversation")}
    behind = [pk for pk, place in mine.items() if held.get(pk) != place.last_visible_version]
    rows = _within_bounds(_load(actor, behind[:MAX_CONVERSATIONS]))
    answered = _changes(actor, rows, held)
    return SyncPage(
        conversations=answered,
        read_seqs={pk: mine[pk].private_read_seq for pk in held if pk in mine},
        preferences={
            pk: preferences(mine[pk]) for pk in held if pk in mine and mine[pk].has_preferences
        },
        gone=sorted(set(held) - set(mine)),
        limited=len(answered) < len(behind) or any(one.limited for one in answered),
    )


def _load(actor: User, conversation_ids: Sequence[int]) -> list[Participant]:
    places = Participant.objects.visible_to(actor).filter(conversation_id__in=conversation_ids)
    return list(places.newest_first().as_list_rows())


def _within_bounds(rows: list[Participant]) -> list[Participant]:
    """At least one, however large."""
    people = 0
    kept: list[Participant] = []
    for place in rows:
        people += place.other_count + 1  # type: ignore[attr-defined]
        if kept and people > MAX_PARTICIPANTS:
            break
        kept.append(place)
    return kept


def _changes(
    actor: User, rows: list[Participant], held: Mapping[int, int]
) -> list[ConversationChanges]:
    since = {place.conversation_id: _since(place, held) for place in rows}
    shapes = {shape.id: shape for shape in conversation_shapes(actor, rows)}
    participants = _changed_participants(rows, since)
    messages = _changed_messages(rows, since)
    kept = _how_many_fit(messages)
    first_left_out = messages[kept] if kept < len(messages) else None
    by_conversation = defaultdict(list)
    for message in messages[:kept]:
        by_conversation[message.conversation_id].append(message)
    answered = []
    for place in sorted(rows, key=lambda place: place.conversation_id):
        pk = place.conversation_id
        is_cut = first_left_out is not None and pk == first_left_out.conversation_id
        if is_cut and not by_conversation[pk]:
            break
        answered.append(
            _answer(place, shapes[pk], participants[pk], by_conversation[pk], is_cut=is_cut)
        )
        if is_cut:
            break
    return answered


def _how_many_fit(messages: Sequence[Message]) -> int:
    """At least one, however long."""
    characters = 0
    for number, message in enumerate(messages[:MAX_MESSAGES]):
        characters += len(message.content)
        if number and characters > MAX_CHARACTERS:
            return number
    return min(len(messages), MAX_MESSAGES)


def _since(place: Participant, held: Mapping[int, int]) -> int | None:
    """The version to start from; None for a conversation that the client does not know.

    A version from the future means that the client has seen a database that is gone: it starts anew.
    """
    version = held.get(place.conversation_id)
    return None if version is None or version > place.last_visible_version else version


def _answer(
    place: Participant,
    shape: ConversationShape,
    participants: Sequence[Participant],
    messages: Sequence[Message],
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
    rows: Sequence[Participant], since: Mapping[int, int | None]
) -> dict[int, list[Participant]]:
    wanted = Q(pk__in=[])
    for place in rows:
        condition = Q(conversation_id=place.conversation_id)
        if (version := since[place.conversation_id]) is not None:
            condition &= Q(version__gt=version)
        wanted |= condition
    found = defaultdict(list)
    for one in Participant.objects.filter(wanted).select_related("user").order_by("pk"):
        found[one.conversation_id].append(one)
    return found


def _changed_messages(
    rows: Sequence[Participant], since: Mapping[int, int | None]
) -> list[Message]:
    """By conversation and version, one more than fits into an answer."""
    wanted = Q(pk__in=[])
    for place in rows:
        version = since[place.conversation_id]
        condition = visible_part(place)
        if version is None:
            condition &= Q(seq__gt=place.last_visible_seq - LATEST)
        else:
            condition &= Q(version__gt=version)
        wanted |= condition
    return list(
        Message.objects.filter(wanted)
        .with_people()
        .order_by("conversation_id", "version")[: MAX_MESSAGES + 1]
    )
