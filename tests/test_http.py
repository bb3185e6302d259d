"""A request is in one thread from beginning to end, and leaves nothing behind in it."""

import threading
from io import BytesIO
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.core.signals import request_finished, request_started
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import path
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from chatproject.csp import HEADER
from chatproject.http import HttpDoor

pytestmark = pytest.mark.once


def where(request: HttpRequest) -> HttpResponse:
    return HttpResponse(threading.current_thread().name)


def german(request: HttpRequest) -> HttpResponse:
    translation.activate("de")
    return HttpResponse(translation.get_language())


def language(request: HttpRequest) -> HttpResponse:
    return HttpResponse(translation.get_language())


@csrf_exempt
def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.body)


def file(request: HttpRequest) -> FileResponse:
    return FileResponse(BytesIO(b"in pieces"))


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


views = (where, german, language, echo, file, broken)
urlpatterns = [path(view.__name__, view) for view in views]


@pytest.fixture
def door(settings) -> HttpDoor:
    settings.ROOT_URLCONF = "tests.test_http"
    settings.REQUEST_THREADS = 1
    # Nobody has collected them for the tests.
    settings.SERVESTATIC_USE_FINDERS = True
    return HttpDoor()


async def ask(door: HttpDoor, address: str, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
    caller = knock(door, address)
    await caller.send_input({"type": "http.request", "body": body})
    start = await caller.receive_output(10)
    headers = {name.decode().lower(): value.decode() for name, value in start["headers"]}
    received = b""
    while True:
        part = await caller.receive_output(10)
        received += part.get("body", b"")
        if not part.get("more_body"):
            return start["status"], headers, received


def knock(door: HttpDoor, address: str) -> ApplicationCommunicator:
    scope = {
        "type": "http",
        "method": "POST" if address == "/echo" else "GET",
        "path": address,
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
    }
    return ApplicationCommunicator(door, scope)


async def test_middleware_signals_and_view_share_a_thread(door):
    threads: list[str] = []

    def note(**kwargs: Any) -> None:
        threads.append(threading.current_thread().name)

    for signal in (request_started, request_finished):
        signal.connect(note)
    try:
        status, headers, body = await ask(door, "/where")
    finally:
        for signal in (request_started, request_finished):
            signal.disconnect(note)
    assert (status, body.decode()) == (200, "request_0")
    assert threads == ["request_0", "request_0"]
    assert HEADER.lower() in headers


async def test_what_a_request_activates_ends_with_it(door):
    _, _, before = await ask(door, "/language")
    assert (await ask(door, "/german"))[2] == b"de"
    assert (await ask(door, "/language"))[2] == before != b"de"


async def test_bodies_come_in_and_files_go_out(door):
    assert (await ask(door, "/echo", b"words"))[2] == b"words"
    assert (await ask(door, "/file"))[2] == b"in pieces"


async def test_a_view_that_fails_is_a_500(door):
    status, headers, _ = await ask(door, "/broken")
    assert (status, HEADER.lower() in headers) == (500, True)


async def test_who_goes_before_asking_gets_no_answer(door):
    caller = knock(door, "/where")
    await caller.send_input({"type": "http.disconnect"})
    assert await caller.receive_nothing(0.2)
    await caller.wait()


async def test_static_files_have_the_headers_of_every_answer(door):
    status, headers, body = await ask(door, "/static/js/main.js")
    assert (status, b"import" in body) == (200, True)
    assert HEADER.lower() in headers
    assert headers["x-content-type-options"] == "nosniff"
    assert (await ask(door, "/static/no/such/file.js"))[0] == 404
