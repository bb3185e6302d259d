"""How the socket describes itself: AsyncAPI 3, from the registries and the table of actions."""

from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from chatproject.close_codes import CloseCode
from chatproject.events import COMMANDS, EVENTS, Command, Error, Event
from chatproject.examples import Examples
from chatproject.frames import MAX_ID_LENGTH
from chatproject.schema import CONTRACT_VERSION, WireSchema
from conversations.commands import answers_of

SCHEMAS = "#/components/schemas/"
DESCRIPTION = """One WebSocket for each device. Frames are text, and each is one JSON object.

A client sends `{"event", "id", "data"}`. Its `id` comes back in the answer, and in nothing else. A frame
that is wrong is answered with `error`, and the socket stays open."""
IDENTIFICATION = {
    "bearerToken": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "As `Authorization: Bearer`, as the sub-protocol `bearer.<token>` beside `chat.v1`, "
        "or in a first frame `authenticate`.",
    },
    "pageSession": {
        "type": "httpApiKey",
        "in": "cookie",
        "name": "sessionid",
        "description": "For our own pages: the Origin is checked.",
    },
}  # fmt: skip
CLOSINGS = {
    CloseCode.RESTARTING: "The server restarts: connect again, after a random moment.",
    CloseCode.SIGN_IN: "Sign in again.",
    CloseCode.REVOKED: "Stop: the session was revoked.",
    CloseCode.TOO_SLOW: "This client reads too slowly: connect again, and sync.",
    CloseCode.TOO_FAST: "This client sends too fast: come back later, and slower.",
}


@cache
def asyncapi_document() -> dict[str, Any]:
    schemas = _schemas()
    examples = Examples(schemas)
    messages = {name: _message(kind, examples) for name, kind in (EVENTS | COMMANDS).items()}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Parley", "version": CONTRACT_VERSION, "description": DESCRIPTION},
        "defaultContentType": "application/json",
        "servers": {
            "yours": {
                "host": "chat.example",
                "protocol": "wss",
                "security": [
                    {"$ref": f"#/components/securitySchemes/{name}"} for name in IDENTIFICATION
                ],
            }
        },
        "channels": {
            "chat": {
                "address": "/ws/chat/",
                "description": "Everything that a device says and hears.",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
                "x-close-codes": {str(int(code)): text for code, text in CLOSINGS.items()},
            }
        },
        "operations": {
            **{name: _operation("receive", kind) for name, kind in COMMANDS.items()},
            **{name: _operation("send", kind) for name, kind in EVENTS.items()},
        },
        "components": {
            "messages": messages,
            "schemas": schemas,
            "securitySchemes": IDENTIFICATION,
        },
    }


def _schemas() -> dict[str, Any]:
    kinds: list[Any] = [(kind, "serialization") for kind in EVENTS.values()]
    kinds += [(kind, "validation") for kind in COMMANDS.values()]
    _, schemas = models_json_schema(
        kinds, ref_template=SCHEMAS + "{model}", schema_generator=WireSchema
    )
    definitions: dict[str, Any] = schemas["$defs"]
    return definitions


def _message(kind: type[Event] | type[Command], examples: Examples) -> dict[str, Any]:
    """`id` is chosen by the client, and comes back in the answer."""
    reference = {"$ref": SCHEMAS + kind.__name__}
    frame = {
        "type": "object",
        "required": ["event", "data"],
        "properties": {
            "event": {"const": kind.name},
            "id": {"type": ["string", "integer"], "maxLength": MAX_ID_LENGTH},
            "data": reference,
        },
    }
    shown: dict[str, Any] = {"event": kind.name, "data": examples.of(reference)}
    if issubclass(kind, Command):
        shown = {"event": kind.name, "id": "c1", "data": shown["data"]}
    return {
        "name": kind.name,
        "summary": _text(kind),
        "payload": frame,
        "examples": [{"payload": shown}],
    }


def _text(kind: type) -> str:
    return " ".join((kind.__doc__ or "").split())


def _operation(action: str, kind: type[Event] | type[Command]) -> dict[str, Any]:
    described = {
        "action": action,
        "channel": _channel(),
        "summary": _text(kind),
        "messages": [_reference(kind)],
    }
    if issubclass(kind, Command):
        answers: list[type[Event]] = [*answers_of(kind), Error]
        described["reply"] = {
            "channel": _channel(),
            "messages": [_reference(answer) for answer in answers],
        }
    return described


def _channel() -> dict[str, str]:
    return {"$ref": "#/channels/chat"}


def _reference(kind: type[Event] | type[Command]) -> dict[str, str]:
    return {"$ref": f"#/channels/chat/messages/{kind.name}"}
