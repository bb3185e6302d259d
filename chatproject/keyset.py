"""Cursors of pages that are sorted by a moment and an id, newest first.

A cursor is the place of the last row that was shown, so a page costs the same at any depth, and rows that
come meanwhile shift nothing. Clients treat it as opaque.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

from django.utils.translation import gettext as _

from chatproject.errors import Invalid


def encode_cursor(moment: datetime, pk: int) -> str:
    return urlsafe_b64encode(f"{moment.isoformat()} {pk}".encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> tuple[datetime, int]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        moment, _space, pk = urlsafe_b64decode(padded.encode()).decode().partition(" ")
        return _aware(datetime.fromisoformat(moment)), int(pk)
    except ValueError as error:
        raise Invalid(_("This cursor is not one of ours."), attr="cursor") from error


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a cursor has a time zone")
    return moment
