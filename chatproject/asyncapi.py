"""How the socket describes itself: AsyncAPI 3, from the registries and the table of actions."""

from functools import cache
from typing import Any, get_args, get_type_hints

from pydantic.json_schema import models_json_schema

from chatproject.events import COMMANDS, EVENTS, Authenticate, Authenticated, Command, Error, Event
from chatproject.schema import WireSchema
from conversations.commands import ACTIONS

SCHEMAS = "#/components/schemas/"


@cache
def asyncapi_document() -> dict[str, Any]:
    kinds: list[Any] = [(kind, "serialization") for kind in EVENTS.values()]
    kinds += [(kind, "validation") for kind in COMMANDS.values()]
    _, schemas = models_json_schema(
        kinds, ref_template=SCHEMAS + "{model}", schema_generator=WireSchema
    )
    messages = {name: _message(kind) for name, kind in (EVENTS | COMMANDS).items()}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Parley", "version": "1", "description": __doc__},
        "channels": {
            "chat": {
                "address": "/ws/chat/",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
            }
        },
        "operations": {
            **{name: _operation("receive", kind) for name, kind in COMMANDS.items()},
            **{name: _operation("send", kind) for name, kind in EVENTS.items()},
        },
        "components": {"messages": messages, "schemas": schemas["$defs"]},
    }


def _message(kind: type[Event] | type[Command]) -> dict[str, Any]:
    """`id` is chosen by the client, and comes back in the answer."""
    frame = {
        "type": "object",
        "required": ["event", "data"],
        "properties": {
            "event": {"const": kind.name},
            "id": {"type": ["string", "integer"]},
            "data": {"$ref": SCHEMAS + kind.__name__},
        },
    }
    return {"name": kind.name, "summary": kind.__doc__ or "", "payload": frame}


def _operation(action: str, kind: type[Event] | type[Command]) -> dict[str, Any]:
    described = {"action": action, "channel": _channel(), "messages": [_reference(kind)]}
    if issubclass(kind, Command):
        answers: list[type[Event]] = [*_answers(kind), Error]
        described["reply"] = {
            "channel": _channel(),
            "messages": [_reference(answer) for answer in answers],
        }
    return described


def _answers(kind: type[Command]) -> list[type[Event]]:
    if kind is Authenticate:
        # The connection's own affair, so that it stands in no table.
        return [Authenticated]
    answer: Any = get_type_hints(ACTIONS[kind])["return"]
    return [one for one in get_args(answer) or (answer,) if one is not type(None)]


def _channel() -> dict[str, str]:
    return {"$ref": "#/channels/chat"}


def _reference(kind: type[Event] | type[Command]) -> dict[str, str]:
    return {"$ref": f"#/channels/chat/messages/{kind.name}"}
