"""The product, and two views that do nothing: one among the API's addresses, one among the pages'.

What an empty view costs is what the server, Django and the middleware cost by themselves.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

settings.ROOT_URLCONF = __name__

from chatproject.asgi import application  # noqa: E402

__all__ = ["application"]


def empty(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("api/bench/empty", empty),
    path("bench/empty", empty),
    path("", include("chatproject.urls")),
]
