"""One table says what a key opens. Whoever adds an operation decides."""

import re

import pytest
from django.urls import resolve

from accounts.scopes import OPERATIONS, Scope
from tests.surface import Route, routes

# Those take no credentials at all.
OPEN_DOORS = {
    "auth-token", "auth-refresh", "auth-password-reset", "auth-password-reset-confirm",
    "auth-register", "invitation-accept", "incoming-webhook",
}  # fmt: skip


def name_of(route: Route) -> str:
    return str(resolve(re.sub(r"{\w+}", "1", route.template)).url_name)


@pytest.mark.once
def test_each_operation_is_decided_and_nothing_else_is() -> None:
    served = {
        f"{route.method} {name_of(route)}"
        for route in routes()
        if route.is_api and name_of(route) not in OPEN_DOORS
    }
    assert served == set(OPERATIONS), "say in accounts/scopes.py which scope a key needs for it"


def attempts() -> list[tuple[Route, str | None]]:
    found = [(route, f"{route.method} {name_of(route)}") for route in routes() if route.is_api]
    return [(route, OPERATIONS[name]) for route, name in found if name in OPERATIONS]


def test_a_key_opens_what_its_scopes_name_and_nothing_else(program, builds, no_limits) -> None:
    """Whatever it is let in for, it meets nothing of anybody's there: no conversation has this number."""
    others = {scope: set(Scope.values) - {scope} for scope in Scope.values}
    with_all = program()
    without = {scope: program(*others[scope]) for scope in Scope.values}
    for route, scope in attempts():
        path = re.sub(r"{\w+}", "999999", route.template)
        ask = route.method.lower()
        if scope is None:
            refused = getattr(with_all, ask)(path)
            assert code_of(refused) == (403, "not_for_keys"), route
            continue
        assert getattr(with_all, ask)(path).status_code in (200, 400, 404, 415), route
        if scope:
            assert code_of(getattr(without[scope], ask)(path)) == (403, "scope_missing"), route


def code_of(response) -> tuple[int, str]:
    return response.status_code, response.json()["errors"][0]["code"]


def test_the_schema_names_the_scope(client, db) -> None:
    paths = client.get("/api/schema").json()["paths"]
    sends = paths["/api/chat/conversations/{conversationId}/messages"]["post"]
    assert {"apiKey": ["messages:write"]} in sends["security"]
    assert not [one for one in paths["/api/auth/people"]["get"]["security"] if "apiKey" in one]
