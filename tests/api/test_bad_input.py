"""Whatever is sent, to whichever endpoint: it is refused in the one shape, and nothing crashes.

The endpoints, their parameters and their fields are read from the schema that we publish.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from chatproject.contracts import openapi_document
from chatproject.json import MAX_BYTES
from tests.api.conftest import assert_refused, assert_sound
from tests.secrets import Secrets, make_secrets

pytestmark = pytest.mark.usefixtures("no_limits")

BAD_IDS = [
    "abc",
    "-1",
    "0",
    "1e3",
    "1.0",
    "null",
    "9" * 18,
    "9" * 30,
    "%00",
    "%FF",
    "%D9%A1",
    "%201",
]
BAD_BODIES = [
    b"[]",
    b"[{}]",
    b"null",
    b"true",
    b"1",
    b'"text"',
    b"{",
    b'{"a": NaN}',
    b"\xff\xfe{\x00}\x00",
    b'{"a": "\\ud800"}',
    b"[" * 100_000,
    b"[" * 100_000 + b"]" * 100_000,
    b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    b'{"noSuchField": 1}',
    b'{"\\u0000": 1}',
]
BAD_VALUES: list[Any] = [
    None, True, -1, 0, 1e3, 1.5, 10**18, 10**30, "", "\x00", "a\x00b", "abc", "1e3", "9" * 5000,
    "x" * 20_000, "\u202e\u2066", [], [None], [[]], ["\x00"], [10**30], {}, {"a": {}}, {"\x00": -1},
]  # fmt: skip
BAD_CURSORS = [
    "x", "====", "\x00", "é", "x" * 5000,
    *(
        urlsafe_b64encode(text.encode()).decode()
        for text in (
            "2026-11-22T10:00:00+00:00 1e3",
            "2026-11-22T10:00:00+00:00 -1",
            f"2026-11-22T10:00:00+00:00 {10**30}",
            "2026-11-22T10:00:00 1",
            "0001-01-01T00:00:00+14:00 1",
            "9999-12-31T23:59:59-14:00 1",
            "\x00 1",
        )
    ),
]  # fmt: skip
UNKNOWN_QUERIES: list[dict[str, Any]] = [
    {"noSuchParameter": "1"},
    {"noSuchParameter": ["1", "2"]},
    {"\x00": "\x00"},
]
BAD_QUERIES: list[dict[str, Any]] = [
    *UNKNOWN_QUERIES,
    {"limit": "abc"},
    {"limit": "-1"},
    {"limit": "0"},
    {"limit": "1e3"},
    {"limit": "9" * 30},
    {"limit": ["1", "2"]},
    {"cursor": ["a", "b"]},
    {"before": "-1"},
    {"before": "9" * 30},
    {"after": "1e3"},
    {"around": ""},
    {"before": "1", "after": "1"},
    {"search": "\x00"},
    {"search": "x" * 5000},
    {"id": "abc"},
    {"id": "9" * 30},
    *({"cursor": cursor} for cursor in BAD_CURSORS),
]


@dataclass(frozen=True)
class Operation:
    method: str
    template: str
    described: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.template}"

    @property
    def signs_out(self) -> bool:
        return self.template.endswith(("/logout", "/password"))

    @property
    def query(self) -> set[str]:
        parameters = self.described.get("parameters", [])
        return {parameter["name"] for parameter in parameters if parameter["in"] == "query"}

    @property
    def kinds(self) -> dict[str, Any]:
        """Of bodies, each with its schema."""
        content: dict[str, Any] = self.described.get("requestBody", {}).get("content", {})
        return content

    @property
    def fields(self) -> set[str]:
        return set(_fields(self.kinds.get("application/json", {}).get("schema", {})))

    def url(self, secrets: Secrets, **values: Any) -> str:
        return self.template.format(**(usual(secrets, self.template) | values))


def _fields(schema: dict[str, Any]) -> Iterator[str]:
    if "$ref" in schema:
        schema = openapi_document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for variant in schema.get("oneOf", []):
        yield from _fields(variant)
    yield from schema.get("properties", {})


def operations() -> list[Operation]:
    return [
        Operation(method.upper(), template, described)
        for template, methods in openapi_document()["paths"].items()
        for method, described in methods.items()
    ]


def every(*, where: Any) -> pytest.MarkDecorator:
    found = [operation for operation in operations() if where(operation)]
    return pytest.mark.parametrize("operation", found, ids=str)


def usual(secrets: Secrets, template: str) -> dict[str, Any]:
    ids = secrets.ids
    own = {
        "sessions": "session",
        "invitations": "invitation",
        "people": "bob",
        "exports": "export",
    }
    return {
        "conversationId": ids["conversation"],
        "webhookSecret": ids["webhook secret"],
        "messageId": ids["message"],
        "notificationId": ids["notification"],
        "userId": ids["bob"],
        "id": next((ids[own[part]] for part in template.split("/") if part in own), 1),
    }


@pytest.fixture
def secrets(alice: User, bob: User, gus: User) -> Secrets:
    return make_secrets(alice, bob, gus, kind="group")


@pytest.fixture
def send(api: Any, alice: User) -> Any:
    device: APIClient = api(alice)

    def sent(operation: Operation, url: str, body: Any = b"", **options: Any) -> Any:
        nonlocal device
        asked = {"content_type": "application/json", **options}
        response = device.generic(operation.method, url, body, **asked)
        if operation.signs_out:
            device = api(alice)
        return response

    return sent


@every(where=lambda operation: "{" in operation.template)
def test_an_id_that_is_none_is_not_found(operation, secrets, send):
    variables = [part[1:-1] for part in operation.template.split("/") if part.startswith("{")]
    for variable in variables:
        for bad in BAD_IDS:
            response = send(operation, operation.url(secrets, **{variable: bad}), b"{}")
            # A body that lacks something may be noticed before the id is looked up.
            assert_refused(response, status=None if response.status_code == 400 else 404)


@every(where=lambda operation: operation.fields)
def test_a_body_that_is_no_object_of_ours_is_refused(operation, secrets, send):
    for bad in BAD_BODIES:
        response = send(operation, operation.url(secrets), bad)
        assert_refused(response) if bad[:2] != b'{"' else assert_sound(response)


@every(where=lambda operation: operation.fields)
def test_a_field_that_is_wrong_crashes_nothing(operation, secrets, send):
    for field in operation.fields:
        for bad in BAD_VALUES:
            body = json.dumps({field: bad}).encode()
            assert_sound(send(operation, operation.url(secrets), body))


@every(where=lambda operation: operation.fields)
def test_a_body_that_is_too_large_or_no_json_is_refused(operation, secrets, send):
    url = operation.url(secrets)
    assert_refused(send(operation, url, b'{"a": "' + b"x" * MAX_BYTES + b'"}'), status=413)
    for kind in ("text/plain", "application/xml", "application/octet-stream", "x/y/z", "\x00"):
        assert_refused(send(operation, url, b"a=1", content_type=kind), status=415)
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        if kind.partition(";")[0] not in operation.kinds:
            assert_refused(send(operation, url, b"a=1", content_type=kind), status=415)


@every(where=lambda operation: True)
def test_a_query_that_is_wrong_crashes_nothing(operation, secrets, send):
    for bad in BAD_QUERIES if operation.query else UNKNOWN_QUERIES:
        assert_sound(send(operation, operation.url(secrets), b"{}", query_params=bad))


@every(where=lambda operation: operation.query)
def test_a_query_parameter_that_is_wrong_or_repeated_is_refused(operation, secrets, send):
    url, known = operation.url(secrets), operation.query
    for bad in BAD_QUERIES:
        if set(bad) <= known:
            assert_refused(send(operation, url, query_params=bad), status=400)


@every(where=lambda operation: operation.query and "/people" not in operation.template)
def test_an_unknown_query_parameter_is_refused(operation, secrets, send):
    for unknown in ("noSuchParameter", "\x00"):
        response = send(operation, operation.url(secrets), query_params={unknown: "1"})
        assert_refused(response, status=400)


@every(where=lambda operation: operation.fields and "/chat/" in operation.template)
def test_a_body_without_a_length_is_not_taken_for_empty(operation, secrets, send):
    url = operation.url(secrets)
    refused = send(operation, url, b"", headers={"Transfer-Encoding": "chunked"})
    assert_refused(refused, status=411)


def test_what_is_nowhere_is_not_found_in_any_method():
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "PROPFIND"):
        for path in (
            "",
            "nothing",
            "chat",
            "chat/conversations/abc",
            "chat/%00",
            "chat%0A/contacts",
        ):
            assert_refused(APIClient().generic(method, f"/api/{path}"), status=404)


@every(where=lambda operation: True)
def test_other_methods_are_refused(operation, secrets, send):
    described = {str(other) for other in operations()}
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        other = Operation(method, operation.template, {})
        if str(other) not in described:
            assert_refused(send(other, other.url(secrets), b"{}"), status=405)


def test_a_form_is_bounded_too(api, alice):
    def change(body: bytes) -> Any:
        kind = "multipart/form-data; boundary=x"
        return api(alice).generic("PATCH", "/api/auth/me", body, content_type=kind)

    part = b'--x\r\nContent-Disposition: form-data; name="about"\r\n\r\n'
    assert change(part + b"Hello\r\n--x--\r\n").json()["about"] == "Hello"
    assert_refused(change(part + b"x" * 2 * MAX_BYTES + b"\r\n--x--\r\n"), status=413)
    assert_refused(change((part + b"Hello\r\n") * 5000 + b"--x--\r\n"), status=400)
    assert_sound(change(part))


def test_a_cookie_without_its_token_changes_nothing(client, alice):
    client.force_login(alice, backend="accounts.sign_in.PersonBackend")
    client.handler.enforce_csrf_checks = True
    client.cookies["csrftoken"] = "x" * 32
    kinds = (
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=",
    )
    statuses = [
        client.post("/api/chat/sync", b'{"conversations":{}}', content_type=kind).status_code
        for kind in kinds
    ]
    assert statuses == [403, 415, 415]
