"""The policy is on every answer, whoever gives it."""

import pytest
from django.test import AsyncClient, Client

from chatproject.csp import HEADER


@pytest.mark.parametrize("path", ["/admin/login/", "/health/live", "/no/such/page", "/admin"])
def test_every_answer_carries_the_policy(db, path) -> None:
    assert is_strict(Client().get(path).headers[HEADER])


async def test_an_asynchronous_answer_carries_it_too(db) -> None:
    response = await AsyncClient().get("/health/live")
    assert is_strict(response.headers[HEADER])


def test_a_page_that_fails_carries_it(db, settings) -> None:
    settings.ROOT_URLCONF = "tests.test_csp"
    response = Client(raise_request_exception=False).get("/broken")
    assert response.status_code == 500
    assert is_strict(response.headers[HEADER])


def is_strict(policy: str) -> bool:
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    return (
        rules["default-src"] == rules["script-src"] == rules["style-src"] == "'self'"
        and rules["object-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
        and "unsafe" not in policy
        and "*" not in policy
    )


def broken(request):
    raise RuntimeError("on purpose")


def _urls():
    from django.urls import path

    return [path("broken", broken)]


urlpatterns = _urls()
