"""Pages and answers speak to their reader: in their language, of times in their zone.

A person's profile decides. Whoever is not signed in is asked by LocaleMiddleware: what they chose here
before (the cookie), else what their browser says. The cookie follows the profile, so that the page after
a sign-out speaks as the one before.
"""

from functools import cache
from urllib.parse import unquote
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.deprecation import MiddlewareMixin

from accounts.models import Session, User

TIME_ZONE_COOKIE = "time_zone"

# It looks through a directory each time.
_zones = cache(available_timezones)


def speak_to(user: User) -> None:
    timezone.activate(ZoneInfo(user.time_zone))
    translation.activate(user.language)


class ReaderMiddleware(MiddlewareMixin):
    """Comes after DeviceMiddleware, which knows who asks."""

    def process_request(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            speak_to(request.user)
        else:
            _tell_time_to_a_stranger(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        # None if a middleware before ours has answered. Apps sign in without cookies, and get none.
        device: Session | None = getattr(request, "device", None)
        if (
            device
            and device.kind == device.Kind.BROWSER
            and _chosen(request) != device.user.language
        ):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                device.user.language,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                samesite="Lax",
            )
        return response


def _tell_time_to_a_stranger(request: HttpRequest) -> None:
    """By the clock of their browser, where static/js/time-zone.js has told it."""
    name = unquote(request.COOKIES.get(TIME_ZONE_COOKIE, ""))
    if name in _zones():
        timezone.activate(ZoneInfo(name))
    else:
        timezone.deactivate()


def _chosen(request: HttpRequest) -> str | None:
    return request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
