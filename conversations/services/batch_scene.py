"""Everything that a batch of sends depends on, locked and read in one round trip."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from django.db import connection

from accounts.models import User
from chatproject.statements import Given, Row, Statement, ask
from conversations.models import Conversation, Message, Participant
from conversations.services import batch_rows

if TYPE_CHECKING:
    from conversations.services.batches import Send

PLACE_FIELDS = [
    "id",
    "conversation_id",
    "user_id",
    "absences",
    "left_seq",
    "delivered_seq",
    "read_seq",
    "private_read_seq",
    "version",
]
SENDER_FIELDS = ["id", "organization_id", "display_name", "role", "avatar", "is_active"]


@dataclass(slots=True)
class Place:
    """A sender's participation, and what is between them and the other person, if there is one."""

    participant: Participant
    is_open: bool
    tells_reads: bool
    # Has notifications that go once they read here.
    is_told: bool


class Scene:
    def __init__(self, sends: Sequence[Send]) -> None:
        found = iter(ask(*questions_of(sends)))
        self.conversations = {row[0]: conversation_from(row) for row in next(found)}
        self.places = dict(self._places(next(found)))
        self.members: dict[int, list[int]] = defaultdict(list)
        for conversation_id, user_id in next(found):
            self.members[conversation_id].append(user_id)
        keys = next(found)
        self.repeated = {number for _id, number, is_taken in keys if is_taken}
        # In the order of the sends, whatever order they come in.
        self.new_ids = sorted(row[0] for row in keys)
        self.quotes: dict[tuple[int, int | None], Message] = {
            (row[0], row[1]): quote_from(row) for row in next(found, ())
        }

    def _places(self, rows: list[Row]) -> list[tuple[tuple[int, int], Place]]:
        # The rows of conversations that could not be locked are none of ours.
        return [
            ((row[1], row[2]), place_from(row, self.conversations[row[1]]))
            for row in rows
            if row[1] in self.conversations
        ]


def questions_of(sends: Sequence[Send]) -> list[tuple[Statement, Given]]:
    pairs = sorted({(send.conversation_id, send.actor.pk) for send in sends})
    places = [{"conversation_id": where, "user_id": who} for where, who in pairs]
    conversations = [{"conversation_id": where} for where in sorted({pair[0] for pair in pairs})]
    keys = [
        {"number": number, "sender_id": send.actor.pk, "client_id": send.body.client_id.hex}
        for number, send in enumerate(sends)
    ]
    replies = [
        {"conversation_id": send.conversation_id, "reply_to_id": send.body.reply_to_id}
        for send in sends
        if send.body.reply_to_id is not None
    ]
    questions: list[tuple[Statement, Given]] = [
        # The locks first: each of the others sees what was committed when we had them.
        (batch_rows.LOCK_CONVERSATIONS, places),
        (batch_rows.PLACES, places),
        (batch_rows.MEMBERS, conversations),
        (batch_rows.KEYS, keys),
    ]
    return [*questions, (batch_rows.QUOTED, replies)] if replies else questions


def conversation_from(row: Row) -> Conversation:
    return loaded(
        Conversation, ["id", "organization_id", "kind", "title", "last_seq", "version"], row
    )


def place_from(row: Row, conversation: Conversation) -> Place:
    place, sender = row[: len(PLACE_FIELDS)], row[len(PLACE_FIELDS) : -4]
    peer_is_active, is_blocked, somebody_withholds, is_told = row[-4:]
    participant = loaded(Participant, PLACE_FIELDS, place)
    participant.absences = orjson.loads(participant.absences)
    participant.user = loaded(User, SENDER_FIELDS, sender)
    participant.conversation = conversation
    return Place(
        participant,
        # As `policies.can_post` and `MessageQuerySet.visible_to` have it.
        is_open=participant.is_current
        and participant.user.organization_id == conversation.organization_id
        and (conversation.is_group or (bool(peer_is_active) and not is_blocked)),
        tells_reads=conversation.is_group or not somebody_withholds,
        is_told=bool(is_told),
    )


def quote_from(row: Row) -> Message:
    conversation_id, pk, seq, content, deleted_at, *author = row
    return Message(
        id=pk,
        conversation_id=conversation_id,
        seq=seq,
        content=content,
        deleted_at=deleted_at,
        sender=loaded(User, ["id", "display_name"], author),
    )


def loaded(model: type[Any], fields: list[str], row: Sequence[Any]) -> Any:
    """Whatever was not asked for is deferred, as after `only()`."""
    return model.from_db(connection.alias, fields, row)
