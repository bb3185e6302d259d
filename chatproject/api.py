"""The whole REST surface on one screen."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from accounts.viewsets import (
    AuthViewSet,
    BlockViewSet,
    ExportViewSet,
    InvitationViewSet,
    PeopleViewSet,
    SessionViewSet,
)
from chatproject.contracts import CapabilitiesView, EventsView, NoSuchEndpoint, SchemaView
from chatproject.event_pages import EventDocumentation
from chatproject.rest import ID
from conversations.viewsets import (
    ContactViewSet,
    ConversationViewSet,
    MemberViewSet,
    MessageViewSet,
    OnlineStatusViewSet,
    SyncViewSet,
)
from integrations.viewsets import IncomingWebhookView
from notifications.viewsets import (
    NotificationViewSet,
    PreferencesViewSet,
    PushSubscriptionViewSet,
    PushTestViewSet,
)

CONVERSATION = f"chat/conversations/(?P<conversation_id>{ID})"

router = SimpleRouter()
# No trailing slash in our paths, and none is refused.
router.trailing_slash = "/?"
# What is asked most stands first, since it is found first.
router.register(f"{CONVERSATION}/messages", MessageViewSet, basename="message")
router.register("chat/conversations", ConversationViewSet, basename="conversation")
router.register("chat/sync", SyncViewSet, basename="sync")
router.register("chat/contacts", ContactViewSet, basename="contact")
router.register("chat/online-status", OnlineStatusViewSet, basename="online-status")
router.register(f"{CONVERSATION}/members", MemberViewSet, basename="member")
router.register("auth", AuthViewSet, basename="auth")
router.register("auth/sessions", SessionViewSet, basename="session")
router.register("auth/exports", ExportViewSet, basename="export")
router.register("auth/blocks", BlockViewSet, basename="block")
router.register("auth/people", PeopleViewSet, basename="person")
router.register("auth/invitations", InvitationViewSet, basename="invitation")
router.register("notifications", NotificationViewSet, basename="notification")

# A browser knows no id of its subscription: the collection itself is what it deletes from.
push_subscriptions = PushSubscriptionViewSet.as_view(
    {"get": "list", "post": "create", "delete": "destroy"}
)
push_test = PushTestViewSet.as_view({"post": "create"})
notification_preferences = PreferencesViewSet.as_view(
    {"get": "retrieve", "patch": "partial_update"}
)

urlpatterns = [
    path("", include(router.urls)),
    re_path("^notifications/push-subscriptions/test/?$", push_test, name="push-test"),
    re_path(
        "^notifications/preferences/?$", notification_preferences, name="notification-preferences"
    ),
    re_path("^notifications/push-subscriptions/?$", push_subscriptions, name="push-subscriptions"),
    re_path(
        "^hooks/(?P<webhook_secret>[A-Za-z0-9_]{1,80})/?$",
        IncomingWebhookView.as_view(),
        name="incoming-webhook",
    ),
    re_path("^capabilities/?$", CapabilitiesView.as_view(), name="capabilities"),
    re_path("^schema/?$", SchemaView.as_view(), name="schema"),
    re_path("^events/?$", EventsView.as_view(), name="events"),
    re_path("^docs/events/?$", EventDocumentation.as_view(), name="event-documentation"),
    re_path(
        "^docs/?$",
        SpectacularSwaggerSplitView.as_view(
            url="/api/schema", template_name="api_documentation.html"
        ),
        name="api-documentation",
    ),
    re_path("", NoSuchEndpoint.as_view()),
]
