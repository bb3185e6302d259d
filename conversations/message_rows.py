"""Messages as a page shows them: by day, neighbours of one sender together, the unread divider once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils import timezone

from chatproject.events import MessageShape
from conversations.formatting import has_marks, is_emoji_only, is_long
from conversations.system_lines import system_text

# Messages of one sender stand together unless so much time lies between. Also in models/grouping.js.
GROUP_GAP = timedelta(minutes=5)


@dataclass(frozen=True)
class MessageRow:
    message: MessageShape
    is_own: bool
    starts_group: bool
    is_first_unread: bool
    system_text: str

    @property
    def status(self) -> str:
        """Ticks stand on own messages only."""
        if not self.is_own or self.message.kind == "system":
            return ""
        return tick_status(self.message)

    @property
    def is_emoji(self) -> bool:
        return is_emoji_only(self.message.content)

    @property
    def is_long(self) -> bool:
        return is_long(self.message.content)

    @property
    def source(self) -> str:
        """What was typed, where the markup does not tell it any more."""
        return self.message.content if has_marks(self.message.content) else ""


@dataclass(frozen=True)
class Day:
    day: date
    moment: datetime
    rows: list[MessageRow]


def tick_status(message: MessageShape) -> str:
    if message.is_read:
        return "read"
    return "delivered" if message.is_delivered else "sent"


def message_days(messages: Sequence[MessageShape], *, viewer_id: int, read_seq: int) -> list[Day]:
    rows = _rows(messages, viewer_id, _first_unread(messages, viewer_id, read_seq))
    return [
        Day(day, moment=group[0].message.created_at, rows=group)
        for day, found in groupby(rows, key=lambda row: timezone.localdate(row.message.created_at))
        if (group := list(found))
    ]


def single_row(message: MessageShape, *, viewer_id: int) -> MessageRow:
    (row,) = _rows([message], viewer_id, None)
    return row


def is_unread(message: MessageShape, viewer_id: int, read_seq: int) -> bool:
    return (
        message.seq > read_seq
        and message.sender_id != viewer_id
        and message.kind == "text"
        and message.deleted_at is None
    )


def _rows(
    messages: Sequence[MessageShape], viewer_id: int, first_unread: MessageShape | None
) -> list[MessageRow]:
    return [
        MessageRow(
            message=message,
            is_own=message.sender_id == viewer_id,
            starts_group=not _continues(before, message) or message is first_unread,
            is_first_unread=message is first_unread,
            system_text=system_text(message, viewer_id=viewer_id),
        )
        for before, message in zip((None, *messages), messages, strict=False)
    ]


def _first_unread(
    messages: Sequence[MessageShape], viewer_id: int, read_seq: int
) -> MessageShape | None:
    return next((each for each in messages if is_unread(each, viewer_id, read_seq)), None)


def _continues(before: MessageShape | None, message: MessageShape) -> bool:
    return (
        before is not None
        and before.kind == message.kind == "text"
        and before.sender_id == message.sender_id
        and message.created_at - before.created_at < GROUP_GAP
        and timezone.localdate(before.created_at) == timezone.localdate(message.created_at)
    )
