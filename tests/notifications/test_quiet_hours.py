from datetime import UTC, datetime, time

import pytest

from notifications.models import NotificationPreferences
from notifications.quiet_hours import is_quiet

pytestmark = pytest.mark.once

NIGHT = {"quiet_from": time(22), "quiet_to": time(7)}
LUNCH = {"quiet_from": time(12), "quiet_to": time(13)}
WHOLE_DAY = {"quiet_from": time(0), "quiet_to": time(0)}
WORKDAYS, WEEKEND = "01234", "56"


def quiet(moment: str, zone: str = "UTC", **fields) -> bool:
    preferences = NotificationPreferences(**fields)
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    return is_quiet(preferences, time_zone=zone, now=now)


# 2026-11-20 is a Friday.
@pytest.mark.parametrize(
    ("fields", "moment", "expected"),
    [
        ({}, "2026-11-20T03:00", False),
        (LUNCH, "2026-11-20T11:59", False),
        (LUNCH, "2026-11-20T12:00", True),
        (LUNCH, "2026-11-20T13:00", False),
        (NIGHT, "2026-11-20T21:59", False),
        (NIGHT, "2026-11-20T22:00", True),
        (NIGHT, "2026-11-21T06:59", True),
        (NIGHT, "2026-11-21T07:00", False),
        # The night from Friday to Saturday is Friday's; from Sunday to Monday it is Sunday's.
        ({**NIGHT, "quiet_days": WORKDAYS}, "2026-11-21T03:00", True),
        ({**NIGHT, "quiet_days": WORKDAYS}, "2026-11-21T23:00", False),
        ({**NIGHT, "quiet_days": WORKDAYS}, "2026-11-23T03:00", False),
        ({**NIGHT, "quiet_days": WEEKEND}, "2026-11-23T03:00", True),
        ({**WHOLE_DAY, "quiet_days": WEEKEND}, "2026-11-21T12:00", True),
        ({**WHOLE_DAY, "quiet_days": WEEKEND}, "2026-11-20T12:00", False),
        ({**NIGHT, "quiet_days": ""}, "2026-11-20T23:00", False),
    ],
)
def test_they_begin_and_end_when_they_should(fields, moment, expected) -> None:
    assert quiet(moment, **fields) == expected


def test_they_are_told_by_the_clock_where_the_person_is() -> None:
    assert quiet("2026-11-20T21:30", "Europe/Berlin", **NIGHT)
    assert not quiet("2026-11-20T22:30", "America/New_York", **NIGHT)
    # The clocks were put back in that night; 06:30 is still night.
    assert quiet("2026-10-25T05:30", "Europe/Berlin", **NIGHT)
    assert not quiet("2026-10-25T06:30", "Europe/Berlin", **NIGHT)


EARLY = {"quiet_from": time(2, 30), "quiet_to": time(4)}


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        # 2026-03-29, a Sunday: in Berlin 02:00 is 03:00, and 02:30 does not exist.
        ("2026-03-29T00:59", "Europe/Berlin", False),
        ("2026-03-29T01:00", "Europe/Berlin", True),
        ("2026-03-29T01:59", "Europe/Berlin", True),
        ("2026-03-29T02:00", "Europe/Berlin", False),
        # 2026-10-25: the hour from 02:00 comes twice, and so does its quiet half.
        ("2026-10-25T00:29", "Europe/Berlin", False),
        ("2026-10-25T00:30", "Europe/Berlin", True),
        ("2026-10-25T01:15", "Europe/Berlin", False),
        ("2026-10-25T01:30", "Europe/Berlin", True),
        ("2026-10-25T03:00", "Europe/Berlin", False),
        # Half an hour of difference, and a zone that puts its clocks on in October.
        ("2026-10-03T16:00", "Australia/Lord_Howe", True),
        ("2026-10-03T17:00", "Australia/Lord_Howe", False),
    ],
)
def test_where_the_clocks_change_they_go_by_the_clock_on_the_wall(moment, zone, expected) -> None:
    assert quiet(moment, zone, **EARLY) == expected


def test_the_night_in_which_the_clocks_change_belongs_to_the_day_before() -> None:
    saturday = {**NIGHT, "quiet_days": "5"}
    assert quiet("2026-03-29T04:30", "Europe/Berlin", **saturday)
    assert not quiet("2026-03-29T05:00", "Europe/Berlin", **saturday)
    assert not quiet("2026-03-29T21:00", "Europe/Berlin", **saturday)
