"""The whole REST surface on one screen."""

from rest_framework.routers import SimpleRouter

from accounts.viewsets import (
    AuthViewSet,
    BlockViewSet,
    InvitationViewSet,
    PeopleViewSet,
    SessionViewSet,
)
from chatproject.rest import ID
from conversations.viewsets import (
    ContactViewSet,
    ConversationViewSet,
    MemberViewSet,
    MessageViewSet,
    OnlineStatusViewSet,
    SyncViewSet,
)
from notifications.viewsets import NotificationViewSet

CONVERSATION = f"chat/conversations/(?P<conversation_id>{ID})"

router = SimpleRouter()
# No trailing slash in our paths, and none is refused.
router.trailing_slash = "/?"
router.register("auth", AuthViewSet, basename="auth")
router.register("auth/sessions", SessionViewSet, basename="session")
router.register("auth/blocks", BlockViewSet, basename="block")
router.register("auth/invitations", InvitationViewSet, basename="invitation")
router.register("auth/people", PeopleViewSet, basename="person")
router.register("chat/contacts", ContactViewSet, basename="contact")
router.register("chat/online-status", OnlineStatusViewSet, basename="online-status")
router.register("chat/conversations", ConversationViewSet, basename="conversation")
router.register(f"{CONVERSATION}/messages", MessageViewSet, basename="message")
router.register(f"{CONVERSATION}/members", MemberViewSet, basename="member")
router.register("chat/sync", SyncViewSet, basename="sync")
router.register("notifications", NotificationViewSet, basename="notification")

urlpatterns = router.urls
