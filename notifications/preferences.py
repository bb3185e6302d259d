"""How people want to be told, for many of them in one query; and changing it."""

from collections.abc import Collection
from datetime import time
from typing import Any

from django.db import transaction

from accounts.models import User
from chatproject.events import KindsChange, NotificationPreferencesChange, QuietHours
from notifications.models import NotificationPreferences


def preferences_of(user: User) -> NotificationPreferences:
    """Whoever never changed anything has no row."""
    found = NotificationPreferences.objects.filter(user=user).first()
    return found or NotificationPreferences(user=user)


def preferences_among(user_ids: Collection[int]) -> dict[int, NotificationPreferences]:
    known = NotificationPreferences.objects.in_bulk(list(user_ids))
    return {
        user_id: known.get(user_id) or NotificationPreferences(user_id=user_id)
        for user_id in user_ids
    }


def change_preferences(
    *, actor: User, changes: NotificationPreferencesChange
) -> NotificationPreferences:
    """Only what is named."""
    fields: dict[str, Any] = {
        **_kinds("push", changes.push),
        **_kinds("email", changes.email),
    }
    if changes.preview is not None:
        fields["preview"] = changes.preview
    if changes.sounds is not None:
        fields["sounds"] = changes.sounds
    if "quiet_hours" in changes.model_fields_set:
        fields |= _quiet_fields(changes.quiet_hours)
    return set_preferences(actor=actor, **fields)


def set_preferences(*, actor: User, **fields: Any) -> NotificationPreferences:
    with transaction.atomic():
        changed, _created = NotificationPreferences.objects.update_or_create(
            user=actor, defaults=fields
        )
    return changed


def _kinds(channel: str, kinds: KindsChange | None) -> dict[str, bool]:
    given = kinds.model_dump(exclude_none=True) if kinds else {}
    return {f"{channel}_{kind}": wanted for kind, wanted in given.items()}


def _quiet_fields(hours: QuietHours | None) -> dict[str, Any]:
    if hours is None:
        return {"quiet_from": None, "quiet_to": None}
    return {
        "quiet_from": time.fromisoformat(hours.begins),
        "quiet_to": time.fromisoformat(hours.ends),
        "quiet_days": "".join(str(day) for day in sorted(set(hours.days))),
    }
