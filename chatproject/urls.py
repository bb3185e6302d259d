from django.contrib import admin
from django.urls import include, path, register_converter
from django.views.i18n import set_language

from chatproject import health, installable
from chatproject.paths import IdConverter

# Before the apps' addresses, which use it, are read.
register_converter(IdConverter, "id")

urlpatterns = [
    # First, since each address is compared with all before it, and most requests are of these.
    path("api/", include(("chatproject.api", "api"))),
    path("", include("accounts.urls")),
    path("", include("conversations.urls")),
    path("", include("notifications.urls")),
    path("", include("integrations.urls")),
    path("admin/", admin.site.urls),
    path("language", set_language, name="set-language"),
    path("service-worker.js", installable.service_worker, name="service-worker"),
    path("manifest.webmanifest", installable.web_manifest, name="web-manifest"),
    path("offline", installable.offline, name="offline"),
    path("health/live", health.live),
    path("health/ready", health.ready),
]

handler500 = "chatproject.refusals.server_error"
