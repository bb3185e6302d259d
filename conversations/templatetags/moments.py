"""Times as people say them, in the reader's time zone. static/js/lib/time.js says the same in the browser.

The patterns are those of the Unicode CLDR, which the browsers' Intl uses too; Django has its own.
"""

from datetime import date, datetime
from functools import cache, lru_cache

from babel import Locale
from babel.dates import format_date
from django import template
from django.utils import timezone
from django.utils.translation import get_language

from chatproject.events import as_utc_text
from conversations.sentences import sentence

DAYS_WITH_NAMES = 7

register = template.Library()
register.filter("wire_time", lambda moment: as_utc_text(moment) if moment else "")


@register.filter
def clock(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%H:%M") if moment else ""


@register.filter
def list_time(moment: datetime | None) -> str:
    """In the conversation list: 10:12, Yesterday, Wednesday, Nov 11."""
    if not moment:
        return ""
    return clock(moment) if _days_ago(moment) <= 0 else short_day(moment)


@register.filter
def short_day(moment: datetime) -> str:
    if _days_ago(moment) == 1:
        return sentence("day.yesterday")
    if _days_ago(moment) < DAYS_WITH_NAMES:
        return _formatted(moment, "EEEE")
    return _formatted(moment, _pattern("MMMd" if _is_this_year(moment) else "yMMMd"))


@register.filter
def day_label(moment: datetime) -> str:
    """Above the messages of a day."""
    if _days_ago(moment) <= 0:
        return sentence("day.today")
    if _days_ago(moment) == 1:
        return sentence("day.yesterday")
    return _formatted(moment, _long_pattern() if _is_this_year(moment) else "full")


@register.filter
def spoken(moment: datetime) -> str:
    """In a sentence: today at 10:12, yesterday at 9:00, Wednesday at 8:30."""
    time = clock(moment)
    match _days_ago(moment):
        case days if days <= 0:
            return sentence("moment.today", time=time)
        case 1:
            return sentence("moment.yesterday", time=time)
    return sentence("moment.day", day=short_day(moment), time=time)


def _formatted(moment: datetime, pattern: str) -> str:
    return _written(timezone.localdate(moment), pattern, _locale())


@lru_cache(maxsize=4096)
def _written(day: date, pattern: str, locale: Locale) -> str:
    return format_date(day, pattern, locale=locale)


def _pattern(skeleton: str) -> str:
    return str(_locale().datetime_skeletons[skeleton].pattern)


def _long_pattern() -> str:
    """Weekday and month in full: the data has only some languages' own, and this gives the same."""
    return _pattern("MMMEd").replace("E", "EEEE").replace("MMM", "MMMM")


def _locale() -> Locale:
    return _known_locale(get_language() or "en")


@cache
def _known_locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


def _days_ago(moment: datetime) -> int:
    return (_today() - timezone.localdate(moment)).days


def _is_this_year(moment: datetime) -> bool:
    return timezone.localdate(moment).year == _today().year


def _today() -> date:
    return timezone.localdate()
