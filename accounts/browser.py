"""A browser's cookie session and the device behind it: the edge that pages and the socket share."""

from django.contrib import auth
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from accounts.client_address import client_address
from accounts.device_label import device_label
from accounts.models import Session, User
from accounts.services import sessions

DEVICE_KEY = "session_id"
BACKEND = "accounts.sign_in.PersonBackend"


class DeviceRequest(HttpRequest):
    """What DeviceMiddleware makes of a request."""

    device: Session | None


class SignedInRequest(HttpRequest):
    """Behind `login_required`: somebody is there, on a live device."""

    user: User
    device: Session


def sign_in_browser(request: HttpRequest, user: User) -> Session:
    auth.login(request, user, backend=BACKEND)
    return start_device(request, user)


def start_device(request: HttpRequest, user: User) -> Session:
    device = sessions.start_session(
        user=user,
        kind=Session.Kind.BROWSER,
        label=device_label(request.headers.get("User-Agent", "")),
        ip_address=client_address(request),
    )
    request.session[DEVICE_KEY] = device.pk
    return device


def device_of(cookie_session: SessionBase) -> Session | None:
    """The live device of the person whom this cookie signs in."""
    device_id, user_id = cookie_session.get(DEVICE_KEY), cookie_session.get(auth.SESSION_KEY)
    device = sessions.live_session(device_id) if device_id else None
    return device if device and str(device.user_id) == user_id else None


def sign_out_browser(request: DeviceRequest) -> None:
    if request.device:
        sessions.sign_out(session=request.device)
    auth.logout(request)
