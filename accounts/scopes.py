"""What a key opens: the one place that says which scope an operation of REST needs.

What is not named here is closed to keys; tests/integrations/test_scopes.py walks the route map, so that
each new operation is decided.
"""

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import ApiKey
from chatproject.errors import Forbidden


class Scope(models.TextChoices):
    CONVERSATIONS_READ = "conversations:read", gettext_lazy("See the bot's conversations")
    CONVERSATIONS_WRITE = (
        "conversations:write",
        gettext_lazy("Begin conversations, change and leave groups"),
    )
    MESSAGES_READ = "messages:read", gettext_lazy("Read what is said in them, and confirm it")
    MESSAGES_WRITE = "messages:write", gettext_lazy("Write, and change or delete the bot's own")
    PEOPLE_READ = "people:read", gettext_lazy("See people, and who is here")


ANY, CLOSED = "", None

OPERATIONS: dict[str, str | None] = {
    "GET conversation-list": Scope.CONVERSATIONS_READ,
    "POST conversation-list": Scope.CONVERSATIONS_WRITE,
    "GET conversation-detail": Scope.CONVERSATIONS_READ,
    "PATCH conversation-detail": Scope.CONVERSATIONS_WRITE,
    "PUT conversation-picture": Scope.CONVERSATIONS_WRITE,
    "DELETE conversation-picture": Scope.CONVERSATIONS_WRITE,
    "PATCH conversation-preferences": CLOSED,
    "POST conversation-leave": Scope.CONVERSATIONS_WRITE,
    "POST member-list": Scope.CONVERSATIONS_WRITE,
    "PATCH member-detail": Scope.CONVERSATIONS_WRITE,
    "DELETE member-detail": Scope.CONVERSATIONS_WRITE,
    "PATCH conversation-delivered": Scope.MESSAGES_READ,
    "PATCH conversation-read": Scope.MESSAGES_READ,
    "GET message-list": Scope.MESSAGES_READ,
    "POST message-list": Scope.MESSAGES_WRITE,
    "PATCH message-detail": Scope.MESSAGES_WRITE,
    "DELETE message-detail": Scope.MESSAGES_WRITE,
    "DELETE message-for-me": CLOSED,
    "GET message-info": Scope.MESSAGES_READ,
    "GET message-notification": CLOSED,
    "POST sync-list": Scope.MESSAGES_READ,
    "GET contact-list": Scope.PEOPLE_READ,
    "GET contact-detail": Scope.PEOPLE_READ,
    "GET online-status-list": Scope.PEOPLE_READ,
    "GET online-status-detail": Scope.PEOPLE_READ,
    "GET auth-me": ANY,
    "GET capabilities": ANY,
    "GET schema": ANY,
    "GET events": ANY,
    "GET api-documentation": ANY,
    "GET event-documentation": ANY,
    # The account is the administrators' affair, and so are the people; a bot has no devices.
    "PATCH auth-me": CLOSED,
    "POST auth-delete-me": CLOSED,
    "POST auth-logout": CLOSED,
    "POST auth-password": CLOSED,
    "GET session-list": CLOSED,
    "DELETE session-detail": CLOSED,
    "POST session-sign-out-others": CLOSED,
    "GET export-list": CLOSED,
    "POST export-list": CLOSED,
    "GET export-detail": CLOSED,
    "GET export-file": CLOSED,
    "GET block-list": CLOSED,
    "POST block-list": CLOSED,
    "DELETE block-detail": CLOSED,
    "GET person-list": CLOSED,
    "PATCH person-detail": CLOSED,
    "DELETE person-detail": CLOSED,
    "GET invitation-list": CLOSED,
    "POST invitation-list": CLOSED,
    "DELETE invitation-detail": CLOSED,
    "GET notification-list": CLOSED,
    "DELETE notification-detail": CLOSED,
    "DELETE notification-delete-of-conversation": CLOSED,
    "GET notification-unread-count": CLOSED,
    "PATCH notification-read": CLOSED,
    "PATCH notification-read-all": CLOSED,
    "PATCH notification-read-conversation": CLOSED,
    "GET push-subscriptions": CLOSED,
    "POST push-subscriptions": CLOSED,
    "DELETE push-subscriptions": CLOSED,
    "POST push-test": CLOSED,
    "GET notification-preferences": CLOSED,
    "PATCH notification-preferences": CLOSED,
}


def operation_of(request: HttpRequest) -> str:
    """As it stands above: the method, and the name of its address."""
    method = "GET" if request.method == "HEAD" else request.method
    name = request.resolver_match.url_name if request.resolver_match else ""
    return f"{method} {name}"


def check(key: ApiKey, operation: str) -> None:
    """Raises Forbidden `not_for_keys` or `scope_missing`."""
    wanted = OPERATIONS.get(operation, CLOSED)
    if wanted is CLOSED:
        raise Forbidden(_("API keys cannot do this."), code="not_for_keys")
    if wanted != ANY and wanted not in key.scopes:
        raise Forbidden(_("This key lacks the scope %s.") % wanted, code="scope_missing")
