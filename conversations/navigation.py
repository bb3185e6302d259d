"""What the navigation of every signed-in page shows; a template context processor."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Permission, allows
from accounts.shapes import avatar_url
from notifications.models import Notification
from notifications.push.vapid import application_server_key

MAIN = (
    ("conversation-list", _("Chats"), "message-circle"),
    ("new-conversation", _("New chat"), "square-pen"),
    ("notifications", _("Notifications"), "bell"),
)
# Pages below these belong to an entry whose own address they do not begin with.
BELOW = {"conversation-list": "/c/"}
SETTINGS = (
    ("profile", _("Profile"), "user"),
    ("privacy", _("Privacy"), "lock"),
    ("notification-settings", _("Notifications"), "bell"),
    ("devices", _("Devices"), "monitor-smartphone"),
    ("own-data", _("Your data"), "archive"),
)
PEOPLE = ("people", _("People"), "users")
BOTS = ("bots", _("Bots"), "bot")


@dataclass(frozen=True)
class Link:
    name: str
    label: Any
    icon: str
    url: str
    is_current: bool


class Navigation:
    def __init__(self, user: User, path: str) -> None:
        self.user = user
        self.path = path

    @cached_property
    def main(self) -> list[Link]:
        return [self._link(*entry) for entry in MAIN]

    @cached_property
    def settings(self) -> list[Link]:
        role = self.user.role
        for_managers = (
            *([PEOPLE] if allows(role, Permission.INVITE_PEOPLE) else []),
            *([BOTS] if allows(role, Permission.MANAGE_BOTS) else []),
        )
        return [self._link(*entry) for entry in (*SETTINGS, *for_managers)]

    @cached_property
    def is_in_settings(self) -> bool:
        return any(link.is_current for link in self.settings)

    @cached_property
    def avatar_url(self) -> str | None:
        return avatar_url(self.user)

    @cached_property
    def unread_notifications(self) -> int:
        return Notification.objects.visible_to(self.user).unread().count()

    @cached_property
    def push_key(self) -> str:
        """By which a browser subscribes to push; empty where this server does none."""
        return application_server_key()

    def _link(self, name: str, label: Any, icon: str) -> Link:
        url = reverse(name)
        below = BELOW.get(name, f"{url}/")
        is_current = self.path == url or self.path.startswith(below)
        return Link(name, label, icon, url, is_current)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Lazy: pages that show no navigation pay nothing."""
    return {"navigation": SimpleLazyObject(lambda: Navigation(request.user, request.path))}  # type: ignore[arg-type]
