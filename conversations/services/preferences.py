"""How a person keeps a conversation: pinned, archived, muted, how loud. Nobody else is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from chatproject.events import PreferencesBody
from conversations import broadcasts
from conversations.models import Participant
from conversations.models.participant import ALWAYS
from conversations.serializers import preferences
from conversations.services.membership import locked_participation

MUTES = {"eightHours": timedelta(hours=8), "oneWeek": timedelta(weeks=1)}


def change_preferences(
    *, actor: User, conversation_id: int, changes: PreferencesBody
) -> Participant:
    """Archiving unpins, pinning takes out of the archive; each says where the conversation belongs."""
    with transaction.atomic():
        place = locked_participation(actor=actor, conversation_id=conversation_id)
        before = preferences(place)
        _apply(place, changes, timezone.now())
        if preferences(place) != before:
            place.save(update_fields=["pinned_at", "archived_at", "muted_until", "level"])
            broadcasts.preferences_changed(place)
    return place


def _apply(place: Participant, changes: PreferencesBody, now: datetime) -> None:
    if changes.pinned is not None:
        place.pinned_at = (place.pinned_at or now) if changes.pinned else None
        place.archived_at = None if changes.pinned else place.archived_at
    if changes.archived is not None:
        place.archived_at = (place.archived_at or now) if changes.archived else None
        place.pinned_at = None if changes.archived else place.pinned_at
    if changes.mute is not None:
        place.muted_until = _muted_until(changes.mute, now)
    if changes.level is not None:
        place.level = changes.level


def _muted_until(mute: str, now: datetime) -> datetime | None:
    if mute == "off":
        return None
    return now + MUTES[mute] if mute in MUTES else ALWAYS
