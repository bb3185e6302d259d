from django.contrib import admin
from django.urls import include, path

from chatproject import health

urlpatterns = [
    path("", include("accounts.urls")),
    path("", include("conversations.urls")),
    path("", include("notifications.urls")),
    path("api/", include(("chatproject.api", "api"))),
    path("admin/", admin.site.urls),
    path("health/live", health.live),
    path("health/ready", health.ready),
]
