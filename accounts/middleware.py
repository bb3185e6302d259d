from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.deprecation import MiddlewareMixin

from accounts import browser
from accounts.browser import DeviceRequest
from accounts.client_address import client_address
from accounts.models import Session, User
from accounts.services import sessions


class DeviceMiddleware(MiddlewareMixin):
    """Attaches `request.device`. A revoked device signs its browser out.

    The device decides, not the cookie: `request.user` comes from it, in the same query.
    """

    def process_request(self, request: DeviceRequest) -> None:
        request.device = None
        if auth.SESSION_KEY not in request.session:
            return
        device = self._device(request)
        if device is None:
            request.session.flush()
            request.user = AnonymousUser()
            return
        sessions.touch(session=device, ip_address=client_address(request))
        request.device = device
        request.user = device.user

    def _device(self, request: HttpRequest) -> Session | None:
        if browser.DEVICE_KEY in request.session:
            return browser.device_of(request.session)
        # Signed in by Django's own login, as the admin's form does: this is the first request after.
        user = request.user
        return browser.start_device(request, user) if isinstance(user, User) else None
