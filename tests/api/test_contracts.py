"""How we say that we are spoken to, and that it is true."""

import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from jsonschema import Draft202012Validator, FormatChecker

from chatproject.asyncapi import asyncapi_document
from chatproject.contracts import openapi_document
from chatproject.events import COMMANDS, EVENTS, MAX_PAGE, ErrorBody, NewMessageBody
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
    contracts = ("/api/schema", "/api/events", "/api/docs", "/api/docs/events")
    served = {
        (route.method, _camel(route.template))
        for route in routes()
        if route.is_api and route.template not in contracts
    }
    assert served == described


def _camel(template: str) -> str:
    words = template.replace("{pk}", "{id}").split("_")
    return words[0] + "".join(word[0].upper() + word[1:] for word in words[1:])


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for template, methods in openapi_document()["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {template}", operation


@pytest.mark.once
def test_every_operation_documents_the_one_error_shape() -> None:
    shared = openapi_document()["components"]["responses"]
    for place, operation in operations():
        refusals = {
            status: answer["$ref"].rpartition("/")[2]
            for status, answer in operation["responses"].items()
            if status.startswith(("4", "5"))
        }
        assert {"400", "429", "503"} <= set(refusals), place
        assert set(refusals.values()) <= set(shared), place
        if "requestBody" in operation:
            assert {"413", "415"} <= set(refusals), place
        if {} not in operation["security"]:
            assert {"401", "403"} <= set(refusals), place
    for answer in shared.values():
        content = answer["content"]["application/json"]
        assert content["schema"] == {"$ref": "#/components/schemas/ErrorBody"}
        ErrorBody.model_validate(content["example"])


@pytest.mark.once
def test_every_operation_says_what_it_does() -> None:
    told = [operation["description"] for _place, operation in operations()]
    assert all(len(text.split()) > 2 for text in told)
    assert len(set(told)) == len(told)
    assert len({operation["operationId"] for _place, operation in operations()}) == len(told)


@pytest.mark.once
def test_every_operation_has_examples_that_fit() -> None:
    components = {"components": openapi_document()["components"]}
    for place, operation in operations():
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        contents = [one for body in bodies for one in body.get("content", {}).values()]
        for content in contents:
            if content["schema"].get("properties", {}).get("picture"):
                continue
            validator = Draft202012Validator(content["schema"] | components)
            assert not list(validator.iter_errors(content["example"])), place
        assert all(
            "example" in one for one in operation.get("parameters", []) if one["in"] == "path"
        ), place


@pytest.mark.once
def test_every_operation_says_who_may_ask_and_how_often() -> None:
    components = openapi_document()["components"]
    schemes = set(components["securitySchemes"])
    shared = components["responses"]
    for place, operation in operations():
        assert all(set(one) <= schemes for one in operation["security"]), place
        for status, answer in operation["responses"].items():
            answer = shared[answer["$ref"].rpartition("/")[2]] if "$ref" in answer else answer
            assert "RateLimit-Policy" in answer["headers"], place
            assert ("Retry-After" in answer["headers"]) == (status in ("429", "503")), place


def test_an_answer_says_how_often_one_may_ask(api, alice, client) -> None:
    asked = api(alice).get("/api/chat/conversations")
    assert asked["RateLimit-Policy"] == '"user";q=1200;w=60, "read";q=900;w=60'
    assert client.get("/api/capabilities")["RateLimit-Policy"] == '"anon";q=120;w=60'


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
def test_every_frame_has_a_valid_schema_a_description_and_an_example_that_fits() -> None:
    for name, message in asyncapi_document()["components"]["messages"].items():
        schema = _standing_alone(message["payload"])
        Draft202012Validator.check_schema(message["payload"])
        assert len(message["summary"].split()) > 1, name
        (example,) = message["examples"]
        Draft202012Validator(schema, format_checker=FormatChecker()).validate(example["payload"])


@pytest.mark.once
def test_every_example_of_a_command_is_one() -> None:
    for name, kind in COMMANDS.items():
        (example,) = asyncapi_document()["components"]["messages"][name]["examples"]
        if name != "getMessages":  # One of its three places at most.
            kind.model_validate(example["payload"]["data"])


def test_the_events_are_on_a_page_that_keeps_the_policy(client) -> None:
    page = client.get("/api/docs/events")
    assert "style-src 'self';" in page["Content-Security-Policy"]
    html = page.content.decode()
    assert "<style" not in html and "style=" not in html and "<script" not in html
    for name in {*EVENTS, *COMMANDS, "shape-MessageShape"}:
        assert f'<section id="{name}"' in html
    missing = set(re.findall(r'href="#([\w-]+)"', html)) - set(re.findall(r'id="([\w-]+)"', html))
    assert not missing


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
