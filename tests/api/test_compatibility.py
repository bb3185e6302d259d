"""What was released once holds: clients of then get on with the server of now."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from chatproject.asyncapi import asyncapi_document
from chatproject.schema import CONTRACT_VERSION
from tests.compatibility import broken_by
from tests.contracts import DIRECTORY, DOCUMENTS, TYPES, last_released, text_of
from tests.typescript import declarations

pytestmark = pytest.mark.once

Document = dict[str, Any]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_contracts_are_written_down_as_they_are(name) -> None:
    assert (DIRECTORY / name).read_text() == text_of(DOCUMENTS[name]()), "run bin/contracts"


def test_the_types_are_those_of_the_contract() -> None:
    assert (DIRECTORY / TYPES).read_text() == declarations(asyncapi_document()), "run bin/contracts"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_client_of_the_last_release_breaks(name) -> None:
    released = json.loads((last_released() / name).read_text())
    assert broken_by(released, written(name)) == []


def test_what_is_not_released_yet_has_a_version_of_its_own() -> None:
    assert as_numbers(CONTRACT_VERSION) >= as_numbers(last_released().name)


def as_numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


# --- What counts as a break --------------------------------------------------------------------

MESSAGES = "/api/chat/conversations/{conversationId}/messages"
CONVERSATION = "/api/chat/conversations/{conversationId}"


def shape(document: Document, name: str) -> Document:
    found: Document = document["components"]["schemas"][name]
    return found


def drop_operation(document: Document) -> None:
    del document["paths"][MESSAGES]["get"]


def drop_parameter(document: Document) -> None:
    parameters = document["paths"][MESSAGES]["get"]["parameters"]
    parameters[:] = [one for one in parameters if one["name"] != "around"]


def need_parameter(document: Document) -> None:
    for one in document["paths"][MESSAGES]["get"]["parameters"]:
        one["required"] = True


def lower_parameter(document: Document) -> None:
    parameters = document["paths"][MESSAGES]["get"]["parameters"]
    next(one for one in parameters if one["name"] == "limit")["schema"]["maximum"] = 10


def need_body(document: Document) -> None:
    document["paths"][f"{CONVERSATION}/leave"]["post"]["requestBody"] = {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object"}}},
    }


def drop_form(document: Document) -> None:
    del document["paths"]["/api/auth/me"]["patch"]["requestBody"]["content"]["multipart/form-data"]


def need_field(document: Document) -> None:
    shape(document, "NewMessageBodyRequest")["required"].append("clientId")


def drop_request_field(document: Document) -> None:
    del shape(document, "NewMessageBodyRequest")["properties"]["replyToId"]


def shorten(document: Document) -> None:
    shape(document, "NewMessageBodyRequest")["properties"]["content"]["maxLength"] = 10


def drop_choice(document: Document) -> None:
    choices = shape(document, "PatchedPreferencesBodyRequest")["properties"]["mute"]["anyOf"]
    next(one for one in choices if "enum" in one)["enum"].remove("oneWeek")


def drop_answer_field(document: Document) -> None:
    properties = shape(document, "MessageShape")["properties"]
    del properties["seq"]


def leave_answer_out(document: Document) -> None:
    shape(document, "MessageShape")["required"].remove("seq")


def empty_answer(document: Document) -> None:
    seq = shape(document, "MessageShape")["properties"]["seq"]
    shape(document, "MessageShape")["properties"]["seq"] = {"anyOf": [seq, {"type": "null"}]}


def retype_answer(document: Document) -> None:
    shape(document, "PersonShape")["properties"]["id"] = {"type": "string"}


def another_status(document: Document) -> None:
    answers = document["paths"]["/api/chat/sync"]["post"]["responses"]
    answers["202"] = answers.pop("200")


def close_to_pages(document: Document) -> None:
    security = document["paths"]["/api/auth/me"]["get"]["security"]
    security.remove({"pageSession": []})


REST_BREAKS: list[Callable[[Document], None]] = [
    drop_operation, drop_parameter, need_parameter, lower_parameter, need_body, drop_form, need_field,
    drop_request_field, shorten, drop_choice, drop_answer_field, leave_answer_out, empty_answer,
    retype_answer, another_status, close_to_pages,
]  # fmt: skip


@pytest.mark.parametrize("change", REST_BREAKS, ids=lambda change: change.__name__)
def test_what_breaks_clients_of_rest_is_found(change) -> None:
    assert broken_by(*changed("openapi.json", change))


def drop_event(document: Document) -> None:
    del document["operations"]["newMessage"]


def drop_command(document: Document) -> None:
    del document["operations"]["sync"]


def need_more(document: Document) -> None:
    shape(document, "Typing")["required"].append("kind")


def tell_less(document: Document) -> None:
    del shape(document, "NewMessage")["properties"]["seq"]


def tell_less_inside(document: Document) -> None:
    del shape(document, "PersonShape")["properties"]["displayName"]


def rename(document: Document) -> None:
    frame = document["components"]["messages"]["newMessage"]["payload"]
    frame["properties"]["event"]["const"] = "message"


def answer_otherwise(document: Document) -> None:
    reply = document["operations"]["sendMessage"]["reply"]
    reply["messages"].append({"$ref": "#/channels/chat/messages/ok"})


SOCKET_BREAKS: list[Callable[[Document], None]] = [
    drop_event, drop_command, need_more, tell_less, tell_less_inside, rename, answer_otherwise,
]  # fmt: skip


@pytest.mark.parametrize("change", SOCKET_BREAKS, ids=lambda change: change.__name__)
def test_what_breaks_clients_of_the_socket_is_found(change) -> None:
    assert broken_by(*changed("asyncapi.json", change))


# --- What does not -----------------------------------------------------------------------------


def add_operation(document: Document) -> None:
    document["paths"]["/api/chat/polls"] = deepcopy(document["paths"]["/api/chat/sync"])


def add_parameter(document: Document) -> None:
    one = {"in": "query", "name": "newest", "schema": {"type": "boolean"}}
    document["paths"][MESSAGES]["get"]["parameters"].append(one)


def add_field(document: Document) -> None:
    shape(document, "NewMessageBodyRequest")["properties"]["priority"] = {"type": "integer"}


def add_answer_field(document: Document) -> None:
    added = shape(document, "MessageShape")
    added["properties"]["priority"] = {"type": "integer"}
    added["required"].append("priority")


def add_value(document: Document) -> None:
    shape(document, "MessageShape")["properties"]["kind"]["enum"].append("poll")


def lengthen(document: Document) -> None:
    shape(document, "NewMessageBodyRequest")["properties"]["content"]["maxLength"] = 8000


def add_refusal(document: Document) -> None:
    answers = document["paths"]["/api/chat/sync"]["post"]["responses"]
    answers["422"] = answers["400"]


COMPATIBLE: list[Callable[[Document], None]] = [
    add_operation, add_parameter, add_field, add_answer_field, add_value, lengthen, add_refusal,
]  # fmt: skip


@pytest.mark.parametrize("change", COMPATIBLE, ids=lambda change: change.__name__)
def test_what_clients_ignore_breaks_none(change) -> None:
    assert broken_by(*changed("openapi.json", change)) == []


def changed(name: str, change: Callable[[Document], None]) -> tuple[Document, Document]:
    old, new = written(name), written(name)
    change(new)
    assert old != new
    return old, new


def written(name: str) -> Document:
    content: Document = json.loads((DIRECTORY / name).read_text())
    return content
