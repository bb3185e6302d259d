"""How we say that we are spoken to, and that it is true."""

import re
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from jsonschema import Draft202012Validator, FormatChecker

from chatproject.asyncapi import asyncapi_document
from chatproject.contracts import openapi_document
from chatproject.events import COMMANDS, EVENTS, MAX_PAGE, NewMessageBody
from chatproject.schema import without_trailing_slashes
from conversations.models import Participant
from conversations.services.conversations import get_or_create_direct
from conversations.services.messages import send_message
from tests.surface import routes


@pytest.mark.once
def test_the_schema_is_made_without_a_warning_and_is_valid() -> None:
    call_command("spectacular", "--fail-on-warn", "--validate", stdout=StringIO())


@pytest.mark.once
def test_every_endpoint_is_in_the_schema() -> None:
    described = {
        (method.upper(), template)
        for template, methods in openapi_document()["paths"].items()
        for method in methods
    }
    contracts = ("/api/schema", "/api/events", "/api/docs")
    served = {
        (route.method, _camel(route.template))
        for route in routes()
        if route.is_api and route.template not in contracts
    }
    assert served == described


def _camel(template: str) -> str:
    words = template.replace("{pk}", "{id}").split("_")
    return words[0] + "".join(word[0].upper() + word[1:] for word in words[1:])


@pytest.mark.once
def test_every_operation_documents_the_one_error_shape() -> None:
    error = {"schema": {"$ref": "#/components/schemas/ErrorBody"}}
    for template, methods in openapi_document()["paths"].items():
        for method, operation in methods.items():
            refusals = {
                status: answer
                for status, answer in operation["responses"].items()
                if status.startswith(("4", "5"))
            }
            assert {"400", "429", "503"} <= set(refusals), (method, template)
            assert all(one["content"] == {"application/json": error} for one in refusals.values())


@pytest.mark.once
def test_an_answer_may_gain_fields_and_a_request_may_not() -> None:
    schemas = openapi_document()["components"]["schemas"]
    assert schemas["NewMessageBodyRequest"]["additionalProperties"] is False
    assert "additionalProperties" not in schemas["MessageShape"]
    assert schemas["NewMessageBodyRequest"]["required"] == ["content"]
    assert "isRead" in schemas["MessageShape"]["required"]


@pytest.mark.once
def test_a_trailing_slash_is_no_part_of_a_name() -> None:
    endpoints = [("/api/chat/sync/", "", "POST", None)]
    assert without_trailing_slashes(endpoints) == [("/api/chat/sync", "", "POST", None)]


def test_documents_are_served_to_whoever_asks(client) -> None:
    assert client.get("/api/schema").json()["openapi"] == "3.1.1"
    assert client.get("/api/events").json()["asyncapi"] == "3.0.0"


def test_the_browsable_documentation_keeps_the_policy(client) -> None:
    page = client.get("/api/docs")
    assert "script-src 'self';" in page["Content-Security-Policy"]
    html = page.content.decode()
    assert "<style" not in html and "style=" not in html
    assert "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js" in html
    script = client.get("/api/docs?script=")
    assert script["Content-Type"] == "application/javascript"
    assert b"/api/schema" in script.content


def test_capabilities_are_the_numbers_that_hold(client, api, alice, bob) -> None:
    told = client.get("/api/capabilities").json()
    assert told["editWindowSeconds"] == settings.EDIT_WINDOW_SECONDS
    assert {"groups", "editing", "sync"} <= set(told["features"])
    place, _created = get_or_create_direct(actor=alice, target_user_id=bob.pk)
    url = f"/api/chat/conversations/{place.conversation_id}/messages"
    longest = "x" * told["maxMessageLength"]
    assert api(alice).post(url, {"content": longest}).status_code == 201
    assert api(alice).post(url, {"content": longest + "x"}).status_code == 400
    assert api(alice).get(url, {"limit": told["maxPage"]}).status_code == 200
    assert api(alice).get(url, {"limit": told["maxPage"] + 1}).status_code == 400
    assert told["maxPage"] == MAX_PAGE


def test_closed_registration_is_no_feature(client, settings) -> None:
    assert "registration" in client.get("/api/capabilities").json()["features"]
    settings.REGISTRATION_OPEN = False
    assert "registration" not in client.get("/api/capabilities").json()["features"]


# --- The socket --------------------------------------------------------------------------------


@pytest.mark.once
def test_every_event_and_command_is_described_once() -> None:
    document = asyncapi_document()
    assert set(document["operations"]) == {*EVENTS, *COMMANDS}
    assert set(document["channels"]["chat"]["messages"]) == {*EVENTS, *COMMANDS}
    assert not set(EVENTS) & set(COMMANDS)


@pytest.mark.once
def test_every_reference_leads_somewhere() -> None:
    document = asyncapi_document()
    for reference in _references(document):
        place: Any = document
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]


@pytest.mark.once
def test_commands_name_their_answers() -> None:
    operations = asyncapi_document()["operations"]
    assert _answers(operations["sendMessage"]) == ["messageSent", "error"]
    assert _answers(operations["authenticate"]) == ["authenticated", "error"]
    assert _answers(operations["typing"]) == ["error"]


@pytest.mark.once
def test_every_frame_has_a_valid_schema() -> None:
    for message in asyncapi_document()["components"]["messages"].values():
        Draft202012Validator.check_schema(_standing_alone(message["payload"]))


def test_what_is_published_fits_its_schema(alice, bob, published) -> None:
    place: Participant
    place, _created = get_or_create_direct(actor=alice, target_user_id=bob.pk)
    body = NewMessageBody(content="Hello")
    send_message(actor=alice, conversation_id=place.conversation_id, body=body)
    messages = asyncapi_document()["components"]["messages"]
    assert set(published.names) == {"conversationUpdated", "newMessage", "newNotification"}
    for event, _user_ids in published.all:
        frame = {"event": event.name, "data": event.as_json()}
        schema = _standing_alone(messages[event.name]["payload"])
        Draft202012Validator(schema, format_checker=FormatChecker()).validate(frame)


def _answers(operation: dict[str, Any]) -> list[str]:
    return [one["$ref"].rpartition("/")[2] for one in operation["reply"]["messages"]]


def _standing_alone(schema: dict[str, Any]) -> dict[str, Any]:
    return schema | {"components": asyncapi_document()["components"]}


def _references(value: Any) -> list[str]:
    match value:
        case {"$ref": str(reference)}:
            return [reference]
        case dict():
            return [found for inner in value.values() for found in _references(inner)]
        case list():
            return [found for inner in value for found in _references(inner)]
    return []


# --- The page about it -------------------------------------------------------------------------


@pytest.mark.once
def test_the_page_about_the_api_names_everything_and_nothing_else() -> None:
    page = (settings.BASE_DIR / "docs/api.md").read_text()
    described = {
        f"{method.upper()} {template}"
        for template, methods in openapi_document()["paths"].items()
        for method in methods
    }
    named = set(re.findall(r"^\| `([A-Z]+ /api/\S+)` \|", page, re.MULTILINE))
    assert named == described
    words = set(re.findall(r"`(\w+)`", page))
    assert {*EVENTS, *COMMANDS} <= words
