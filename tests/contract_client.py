"""A REST client of the tests that holds each answer against what we promise of it."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import jsonschema_rs
from rest_framework.test import APIClient

from tests.contracts import DIRECTORY

Operation = dict[str, Any]


class ContractClient(APIClient):
    def request(self, **request: Any) -> Any:
        response = super().request(**request)
        method, path = request["REQUEST_METHOD"], request["PATH_INFO"]
        if operation := operation_of(method, path.rstrip("/")):
            assert_promised(operation, response, f"{method} {path}")
        return response


def assert_promised(operation: str, response: Any, place: str) -> None:
    method, template = operation.split(" ")
    answers = document()["paths"][template][method]["responses"]
    status = str(response.status_code)
    if status == "405":
        return
    assert status in answers, f"{place} answered {status}, which is not in the contract"
    described = resolved(answers[status]).get("content", {})
    if "application/json" not in described:
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        assert kind in described or not (described or response.content), place
        return
    try:
        validator(method, template, status).validate(json.loads(response.content))
    except jsonschema_rs.ValidationError as error:
        raise AssertionError(f"{place} broke the contract: {error}") from error


def operation_of(method: str, path: str) -> str | None:
    """As "get /api/chat/contacts/{userId}"; None for what is no part of the contract."""
    for template, pattern in patterns():
        if pattern.fullmatch(path):
            name = method.lower()
            return f"{name} {template}" if name in document()["paths"][template] else None
    return None


@cache
def document() -> dict[str, Any]:
    # Made from the code this takes longer, and tests/api/test_contracts.py holds that it is the same.
    content: dict[str, Any] = json.loads((DIRECTORY / "openapi.json").read_text())
    return content


@cache
def patterns() -> list[tuple[str, re.Pattern[str]]]:
    return [
        (template, re.compile(re.sub(r"{\w+}", "([0-9]{1,18}|parley_hook_[0-9A-Za-z]+)", template)))
        for template in document()["paths"]
    ]


@cache
def validator(method: str, template: str, status: str) -> Any:
    answer = resolved(document()["paths"][template][method]["responses"][status])
    schema = answer["content"]["application/json"]["schema"]
    return jsonschema_rs.Draft202012Validator(
        {**schema, "components": document()["components"]}, validate_formats=True
    )


def resolved(answer: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in answer:
        return answer
    name = answer["$ref"].rpartition("/")[2]
    shared: dict[str, Any] = document()["components"]["responses"][name]
    return shared
