"""Pages are mostly markup that repeats, and go over the wire in a tenth. REST answers are short, and many."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class PageCompression(GZipMiddleware):
    """Django's, which makes the length of an answer say nothing about the secrets in it."""

    def process_response(self, request: HttpRequest, response: Any) -> HttpResponseBase:
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        return super().process_response(request, response) if is_page else response
