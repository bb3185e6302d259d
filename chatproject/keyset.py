"""Cursors of pages that are sorted by a moment and an id, newest first.

A cursor is the place of the last row that was shown, so a page costs the same at any depth, and rows that
come meanwhile shift nothing. Clients treat it as opaque.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from chatproject.errors import Invalid


def encode_cursor(moment: datetime, pk: int) -> str:
    return urlsafe_b64encode(f"{moment.isoformat()} {pk}".encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> tuple[datetime, int]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        moment, _space, pk = urlsafe_b64decode(padded.encode()).decode().partition(" ")
        return _in_utc(datetime.fromisoformat(moment)), _storable(int(pk))
    except (ValueError, OverflowError) as error:
        raise Invalid(_("This cursor is not one of ours."), attr="cursor") from error


def _in_utc(moment: datetime) -> datetime:
    """Overflows for a moment before the first or after the last year, as the database would."""
    if moment.tzinfo is None:
        raise ValueError("a cursor has a time zone")
    return moment.astimezone(UTC)


def _storable(pk: int) -> int:
    if not 0 < pk < 2**63:
        raise ValueError("a cursor has an id")
    return pk
