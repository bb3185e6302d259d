"""Pages, admin and REST: each request from beginning to end in one thread of a bounded number.

Django's own handler gives every request a thread of its own, and goes back and forth between it and the event
loop for each middleware and each signal: three quarters of what a short answer costs (docs/performance.md).
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context, copy_context
from io import BytesIO
from typing import IO, Any, TypeVar, cast

from django.conf import settings
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.exception import convert_exception_to_response
from django.core.signals import request_started
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotFound
from django.middleware.security import SecurityMiddleware
from django.urls import set_script_prefix
from servestatic.middleware import ServeStaticMiddleware

from chatproject.csp import content_security_policy

T = TypeVar("T")
Scope = dict[str, Any]


class OneThreadHandler(ASGIHandler):
    """Django's handler with the synchronous chain of middleware, whose requests change threads once."""

    def __init__(self) -> None:
        super().__init__()
        self._threads = ThreadPoolExecutor(settings.REQUEST_THREADS, thread_name_prefix="request")

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        # Of its own, so that the language and time zone of one request end with it.
        context = copy_context()
        response = await self._in_thread(context, lambda: self._respond(scope, body))
        await self.send_response(response, send)
        if response.streaming:
            await self._in_thread(context, response.close)

    def _in_thread(self, context: Context, work: Callable[[], T]) -> Awaitable[T]:
        return asyncio.get_running_loop().run_in_executor(self._threads, context.run, work)

    def _respond(self, scope: Scope, body: IO[bytes]) -> HttpResponseBase:
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=self.__class__, scope=scope)
        with body:
            request, refusal = self.create_request(scope, body)
            response = cast(HttpResponseBase, self.get_response(request) if request else refusal)
        vars(response)["_handler_class"] = self.__class__
        if not response.streaming:
            # Ends the request, and gives its database connection back, while its answer is on its way.
            response.close()
        return response


class StaticFilesHandler(ASGIHandler):
    """Files need neither sessions nor threads: they are small, and read at once. A turn to a thread and back
    costs more."""

    def load_middleware(self, is_async: bool = False) -> None:
        index = ServeStaticMiddleware(not_found)
        self._find = index.find_file if index.autorefresh else index.files.get
        chain: Any = convert_exception_to_response(self._file)
        for middleware in (SecurityMiddleware, content_security_policy):
            chain = convert_exception_to_response(middleware(chain))
        self._middleware_chain = chain

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        request, refusal = self.create_request(scope, BytesIO())
        response = self.get_response(request) if request else refusal
        await self.send_response(cast(HttpResponseBase, response), send)

    def _file(self, request: HttpRequest) -> HttpResponse:
        found = self._find(request.path_info)
        if found is None:
            return HttpResponseNotFound()
        answer = found.get_response(request.method or "GET", request.META)
        with answer.file or BytesIO() as file:
            response = HttpResponse(file.read(), status=answer.status)
        # Whoever found it knows its type.
        del response["Content-Type"]
        for name, value in answer.headers:
            if value is not None:
                response[name] = value
        return response


async def not_found(request: HttpRequest) -> HttpResponseBase:
    return HttpResponseNotFound()


class HttpDoor:
    def __init__(self) -> None:
        self._files = StaticFilesHandler()
        self._rest = OneThreadHandler()

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        is_file = scope["path"].startswith(settings.STATIC_URL)
        await (self._files if is_file else self._rest)(scope, receive, send)
