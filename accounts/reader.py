"""Pages speak to their reader: in their language, of times in their zone."""

from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.deprecation import MiddlewareMixin

from accounts.models import User


class ReaderMiddleware(MiddlewareMixin):
    """Comes after DeviceMiddleware, which knows who asks."""

    def process_request(self, request: HttpRequest) -> None:
        if not isinstance(request.user, User):
            timezone.deactivate()
            return
        timezone.activate(ZoneInfo(request.user.time_zone))
        translation.activate(request.user.language)
