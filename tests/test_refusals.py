"""What a service refuses to a page becomes the page that says so."""

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import RequestFactory
from redis.exceptions import ConnectionError as RedisConnectionError

from chatproject.errors import Conflict
from chatproject.refusals import RefusalMiddleware


def answer_to(exception: Exception) -> Any:
    middleware = RefusalMiddleware(lambda request: HttpResponse())
    return middleware.process_exception(RequestFactory().get("/"), exception)


def test_what_is_not_mine_is_not_found(client, alice, mallory):
    client.force_login(mallory, backend="accounts.sign_in.PersonBackend")
    assert client.post("/notifications/999/read").status_code == 404


def test_a_page_behind_a_made_up_cursor_is_not_found(client, alice):
    client.force_login(alice, backend="accounts.sign_in.PersonBackend")
    assert client.get("/notifications", {"cursor": "made-up"}).status_code == 404
    assert client.get("/notifications", {"cursor": "x" * 1000}).status_code == 404


def test_a_conflict_is_said_as_it_is():
    response = answer_to(Conflict("There is one already."))
    assert response is not None
    assert response.status_code == 409
    assert "There is one already." in response.content.decode()


@pytest.mark.parametrize("exception", [OperationalError(), RedisConnectionError()])
def test_a_pause_of_the_database_is_a_pause(exception):
    response = answer_to(exception)
    assert response is not None
    assert (response.status_code, response["Retry-After"]) == (503, "1")


def test_a_mistake_of_ours_stays_one():
    assert answer_to(KeyError()) is None


@pytest.mark.parametrize("path", ["/", "/api/chat/conversations"])
def test_a_pause_before_any_view_is_a_pause_too(alice, browser_of, path):
    """The middleware asks who is there before a view could refuse."""
    browser = browser_of(alice)
    browser.raise_request_exception = False

    def pause(*arguments: Any) -> None:
        raise OperationalError

    with connection.execute_wrapper(pause):
        response = browser.get(path)
    assert (response.status_code, response["Retry-After"]) == (503, "1")
