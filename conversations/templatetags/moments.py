"""Times as people say them, in the reader's time zone. static/js/lib/time.js says the same in the browser.

The patterns are those of the Unicode CLDR, which the browsers' Intl uses too; Django has its own.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache

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
        return _formatted(moment, "weekday")
    return _formatted(moment, "short" if _is_this_year(moment) else "short with year")


@register.filter
def day_label(moment: datetime) -> str:
    """Above the messages of a day."""
    if _days_ago(moment) <= 0:
        return sentence("day.today")
    if _days_ago(moment) == 1:
        return sentence("day.yesterday")
    return _formatted(moment, "long" if _is_this_year(moment) else "long with year")


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


@register.filter
def until(moment: datetime) -> str:
    """Of what is to come: 18:30, or Nov 29 at 18:30."""
    if _days_ago(moment) == 0:
        return clock(moment)
    return sentence("moment.day", day=_formatted(moment, "short"), time=clock(moment))


def _formatted(moment: datetime, style: str) -> str:
    return _written(timezone.localdate(moment), style, get_language() or "en")


@lru_cache(maxsize=4096)
def _written(day: date, style: str, language: str) -> str:
    locale = Locale.parse(language, sep="-")
    return format_date(day, PATTERNS[style](locale), locale=locale)


def _skeleton(name: str) -> Callable[[Locale], str]:
    return lambda locale: str(locale.datetime_skeletons[name].pattern)


def _in_full(locale: Locale) -> str:
    """Weekday and month in full: the data has only some languages' own, and this gives the same."""
    return _skeleton("MMMEd")(locale).replace("E", "EEEE").replace("MMM", "MMMM")


PATTERNS: dict[str, Callable[[Locale], str]] = {
    "weekday": lambda locale: "EEEE",
    "short": _skeleton("MMMd"),
    "short with year": _skeleton("yMMMd"),
    "long": _in_full,
    "long with year": lambda locale: "full",
}


def _days_ago(moment: datetime) -> int:
    return (_today() - timezone.localdate(moment)).days


def _is_this_year(moment: datetime) -> bool:
    return timezone.localdate(moment).year == _today().year


def _today() -> date:
    return timezone.localdate()
