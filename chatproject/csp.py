"""Content-Security-Policy from `SECURE_CSP`, on every answer. Django 6 brings its own: delete this then."""

from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

HEADER = "Content-Security-Policy"
GetResponse = Callable[[HttpRequest], HttpResponseBase]
GetResponseAsync = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


def policy() -> str:
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in settings.SECURE_CSP.items())


@sync_and_async_middleware
def content_security_policy(
    get_response: GetResponse | GetResponseAsync,
) -> GetResponse | GetResponseAsync:
    header = policy()

    async def answer_later(request: HttpRequest) -> HttpResponseBase:
        response = await get_response(request)  # type: ignore[misc]
        response.headers.setdefault(HEADER, header)
        return response

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault(HEADER, header)  # type: ignore[union-attr]
        return response  # type: ignore[return-value]

    return answer_later if iscoroutinefunction(get_response) else answer
