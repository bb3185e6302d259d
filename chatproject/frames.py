"""Frames in: from what a client sent to a typed command, or to the event that says what is wrong with it."""

from dataclasses import dataclass
from typing import Any

import orjson
from django.utils.translation import gettext as _

from chatproject.errors import Invalid, describe
from chatproject.events import COMMANDS, Command, Error

MAX_FRAME_BYTES = 64 * 1024
MAX_ID_LENGTH = 100

FrameId = str | int | None


class BadFrame(Invalid):
    default_code = "bad_frame"


@dataclass(frozen=True)
class Envelope:
    """A frame whose `id` is known, so that whatever else is wrong with it can be answered."""

    id: FrameId
    event: Any
    data: Any

    def command(self) -> Command:
        """Raises BadFrame, or pydantic's ValidationError, whose places are relative to `data`."""
        kind = COMMANDS.get(self.event) if isinstance(self.event, str) else None
        if kind is None:
            raise BadFrame(_("There is no such command."), code="unknown_event", attr="event")
        if not isinstance(self.data, dict):
            raise BadFrame(_("The data of a frame is an object."), attr="data")
        return kind.model_validate(self.data)


def open_frame(frame: str | bytes) -> Envelope:
    content = _parse(frame)
    if not isinstance(content, dict):
        raise BadFrame(_("A frame is a JSON object."))
    frame_id = content.get("id")
    if not _is_frame_id(frame_id):
        raise BadFrame(_("An id is an integer, or a text of at most 100 characters."), attr="id")
    return Envelope(frame_id, content.get("event"), content.get("data", {}))


def id_of(frame: str | bytes) -> FrameId:
    """For who refuses a frame unread: its id, if it has one."""
    try:
        return open_frame(frame).id
    except BadFrame:
        return None


def refusal(exception: Exception) -> Error:
    """Whatever went wrong, in the shape that REST uses too."""
    report = describe(exception)
    wait = report.headers.get("Retry-After")
    return Error(
        type=report.body["type"],
        errors=report.body["errors"],
        retry_after=None if wait is None else int(wait),
    )


def _parse(frame: str | bytes) -> Any:
    if isinstance(frame, bytes):
        raise BadFrame(_("Frames are text, not binary."), code="binary_frame")
    try:
        encoded = frame.encode()
        if len(encoded) > MAX_FRAME_BYTES:
            raise BadFrame(_("A frame has at most 64 KiB."), code="frame_too_large")
        return orjson.loads(encoded)
    except ValueError as error:
        # Also a lone surrogate, and nesting beyond the parser's bound.
        raise BadFrame(_("This is not JSON."), code="parse_error") from error


def _is_frame_id(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= MAX_ID_LENGTH
    # Not isinstance: true and false are no ids.
    return value is None or type(value) is int
