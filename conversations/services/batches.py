"""Many sends, or many receipts, in one transaction: what goes into the database and what its answers mean.

The rules are in batch_sql.py. What does not come back was not ordinary, and is left to its service
(messages.py, receipts.py), which knows what to answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from accounts.models import User
from accounts.shapes import avatar_address
from chatproject.events import MessageShape, NewMessageBody, PersonShape, QuoteShape
from chatproject.set_wise import Given, Row, as_moment
from conversations import broadcasts
from conversations.models import Participant
from conversations.serializers import QUOTE_LENGTH
from conversations.services.messages import Sent, request_hash

# Further than any seq: all that there is.
EVERYTHING = 2**62


@dataclass(frozen=True, slots=True)
class Send:
    actor: User
    conversation_id: int
    body: NewMessageBody


@dataclass(frozen=True, slots=True)
class Reading:
    """How far the actor says to have got: `read_to` 0 for what was only delivered."""

    actor: User
    conversation_id: int
    delivered_to: int
    read_to: int = 0


class Stored(NamedTuple):
    """A row of SENDS. `version_before` is the participant's, before this message and what it read."""

    number: int
    members: Any
    id: int
    conversation_id: int
    seq: int
    version: int
    at: Any
    delivers: bool
    reads: bool
    tells: bool
    version_before: int
    user_id: int
    display_name: str
    role: str
    avatar: str
    is_active: bool
    quoted_id: int | None
    quoted_seq: int
    quoted_content: str
    quoted_is_deleted: bool
    author_id: int
    author_name: str


class Moved(NamedTuple):
    """A row of RECEIPTS."""

    number: int
    members: Any
    conversation_id: int
    user_id: int
    at: Any
    delivers: bool
    reads: bool
    tells: bool
    version: int
    version_before: int
    delivered_to: int
    read_to: int


# --- Sends -------------------------------------------------------------------------------------


def rows_of_sends(sends: Sequence[Send]) -> list[dict[str, Any]]:
    """Of two with the same key the second is left out: what becomes of it depends on the first."""
    first = {(send.actor.pk, send.body.client_id): n for n, send in reversed([*enumerate(sends)])}
    return [
        {
            "number": number,
            "conversation_id": send.conversation_id,
            "user_id": send.actor.pk,
            "content": send.body.content,
            "reply_to_id": send.body.reply_to_id,
            "client_id": send.body.client_id.hex,
            "request_hash": request_hash(send.conversation_id, send.body),
        }
        for number, send in enumerate(sends)
        if first[send.actor.pk, send.body.client_id] == number
    ]


def tell_of_sends(sends: Sequence[Send], rows: Iterable[Row]) -> list[Sent | None]:
    """In the order of the sends; None: this one is not ordinary, and nothing was done about it."""
    outcomes: list[Sent | None] = [None] * len(sends)
    members: dict[int, list[int]] = {}
    for row in map(Stored._make, rows):
        _note_members(members, row)
        to = members[row.conversation_id]
        at = as_moment(row.at)
        _tell_of_reading(row, before=row.seq - 1, at=at, to=to)
        message = _shape(row, sends[row.number], at)
        broadcasts.message_created(message, to=to)
        outcomes[row.number] = Sent(message, created=True)
    return outcomes


def _shape(row: Stored, send: Send, at: datetime) -> MessageShape:
    return MessageShape(
        id=row.id,
        conversation_id=row.conversation_id,
        seq=row.seq,
        version=row.version,
        kind="text",
        sender_id=row.user_id,
        sender=PersonShape(
            id=row.user_id,
            display_name=row.display_name,
            avatar_url=avatar_address(row.user_id, row.avatar),
            role=row.role,
            is_active=bool(row.is_active),
            is_bot=send.actor.is_bot,
        ),
        content=send.body.content,
        system=None,
        reply_to=_quote(row),
        client_id=send.body.client_id,
        created_at=at,
        updated_at=at,
        edited_at=None,
        deleted_at=None,
    )


def _quote(row: Stored) -> QuoteShape | None:
    if row.quoted_id is None:
        return None
    return QuoteShape(
        id=row.quoted_id,
        seq=row.quoted_seq,
        sender_id=row.author_id,
        sender_name=row.author_name,
        content=row.quoted_content[:QUOTE_LENGTH],
        is_deleted=bool(row.quoted_is_deleted),
    )


def _tell_of_reading(row: Stored, *, before: int, at: datetime, to: list[int]) -> None:
    if not row.reads:
        return
    is_seen = row.delivers or row.tells
    reader = Participant(
        conversation_id=row.conversation_id,
        user_id=row.user_id,
        delivered_seq=before,
        read_seq=before,
        private_read_seq=before,
        version=row.version - 1 if is_seen else row.version_before,
    )
    _tell(reader, row, at=at, to=to)


# --- Receipts ----------------------------------------------------------------------------------


def rows_of_readings(readings: Sequence[Reading]) -> list[dict[str, Any]]:
    """One row for a person in a conversation: the furthest that they say. Its number is the first one's."""
    furthest: dict[tuple[int, int], dict[str, Any]] = {}
    for number, reading in enumerate(readings):
        place = (reading.conversation_id, reading.actor.pk)
        row = furthest.setdefault(
            place,
            {
                "number": number,
                "conversation_id": reading.conversation_id,
                "user_id": reading.actor.pk,
                "delivered_to": 0,
                "read_to": 0,
            },
        )
        row["delivered_to"] = max(row["delivered_to"], reading.delivered_to)
        row["read_to"] = max(row["read_to"], reading.read_to)
    for row in furthest.values():
        # One row makes one change. Where there are two, what was only delivered goes alone.
        row["delivered_to"] = row["read_to"] or row["delivered_to"]
    return list(furthest.values())


def tell_of_readings(readings: Sequence[Reading], given: Given, rows: Iterable[Row]) -> list[bool]:
    """In the order of the readings, whether it was done; False: it is not ordinary."""
    members: dict[int, list[int]] = {}
    reached: dict[tuple[int, int], int] = {}
    asked = {row["number"]: row["delivered_to"] for row in given}
    for row in map(Moved._make, rows):
        _note_members(members, row)
        reached[row.conversation_id, row.user_id] = asked[row.number]
        if row.delivers or row.reads:
            _tell_of_progress(row, to=members[row.conversation_id])
    return [
        each.delivered_to <= reached.get((each.conversation_id, each.actor.pk), -1)
        for each in readings
    ]


def _tell_of_progress(row: Moved, *, to: list[int]) -> None:
    reader = Participant(
        conversation_id=row.conversation_id,
        user_id=row.user_id,
        delivered_seq=row.delivered_to,
        read_seq=row.read_to,
        private_read_seq=row.read_to,
        version=row.version if row.delivers or row.tells else row.version_before,
    )
    _tell(reader, row, at=as_moment(row.at), to=to)


# --- Both --------------------------------------------------------------------------------------


def _tell(reader: Participant, row: Stored | Moved, *, at: datetime, to: list[int]) -> None:
    """As services/receipts.py has it."""
    if row.tells:
        broadcasts.messages_read(reader, at=at, to=to)
    elif row.delivers:
        broadcasts.messages_delivered(reader, at=at, to=to)
    if row.reads and not row.tells:
        broadcasts.messages_read_privately(reader, at=at)


def _note_members(members: dict[int, list[int]], row: Stored | Moved) -> None:
    """They come with the first row of a conversation."""
    if row.members is not None:
        found = row.members
        members[row.conversation_id] = orjson.loads(found) if isinstance(found, str) else found
