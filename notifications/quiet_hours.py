"""Quiet hours, in the person's own time zone."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from notifications.models import NotificationPreferences


def is_quiet(preferences: NotificationPreferences, *, time_zone: str, now: datetime) -> bool:
    """They begin on the chosen weekdays, and may last past midnight. Two equal ends: the whole day."""
    begin, end = preferences.quiet_from, preferences.quiet_to
    if begin is None or end is None:
        return False
    local = now.astimezone(ZoneInfo(time_zone))
    today, yesterday = str(local.weekday()), str((local - timedelta(days=1)).weekday())
    time = local.time()
    if begin < end:
        return today in preferences.quiet_days and begin <= time < end
    began_today = today in preferences.quiet_days and time >= begin
    began_yesterday = yesterday in preferences.quiet_days and time < end
    return began_today or began_yesterday
