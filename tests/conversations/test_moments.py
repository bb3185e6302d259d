"""Times in words. tests/js/moments.test.js wants the same of the browser."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import override

from conversations.templatetags.moments import clock, day_label, list_time, spoken

pytestmark = pytest.mark.once

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY, YEAR = datetime(2026, 11, 11, 10, tzinfo=UTC), datetime(2024, 2, 29, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["Nov 11", "Feb 29, 2024", "Wednesday, November 11", "Thursday, February 29, 2024"]),
        (
            "de",
            ["11. Nov.", "29. Feb. 2024", "Mittwoch, 11. November", "Donnerstag, 29. Februar 2024"],
        ),
        ("ar", ["11 نوفمبر", "29 فبراير 2024", "الأربعاء، 11 نوفمبر", "الخميس، 29 فبراير 2024"]),
    ],
)
def test_dates_are_written_as_the_language_does(language, said) -> None:
    with override(language), time_machine.travel(NOW, tick=False):
        assert [list_time(DAY), list_time(YEAR), day_label(DAY), day_label(YEAR)] == said


def test_near_days_have_names() -> None:
    with override("de"), time_machine.travel(NOW, tick=False):
        yesterday, wednesday = datetime(2026, 11, 21, 8, 5, tzinfo=UTC), NOW.replace(day=18)
        assert (list_time(NOW), list_time(yesterday)) == ("12:00", "Gestern")
        assert list_time(wednesday) == "Mittwoch"
        assert spoken(yesterday) == "gestern um 08:05"


def test_the_zone_of_the_reader_decides_which_day_it_is() -> None:
    with time_machine.travel(NOW, tick=False), timezone.override("Pacific/Kiritimati"):
        assert clock(NOW) == "02:00"
        assert day_label(datetime(2026, 11, 22, 9, tzinfo=UTC)) == "Yesterday"
