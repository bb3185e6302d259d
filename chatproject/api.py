"""The whole REST surface on one screen."""

from rest_framework.routers import SimpleRouter

from notifications.viewsets import NotificationViewSet

router = SimpleRouter()
# No trailing slash in our paths, and none is refused.
router.trailing_slash = "/?"
router.register("notifications", NotificationViewSet, basename="notification")

urlpatterns = router.urls
