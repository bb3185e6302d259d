"""The contract of the socket as types of TypeScript: docs/contracts/parley.d.ts, by bin/contracts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

HEAD = """// Made by bin/contracts from asyncapi.json. What the socket speaks, for clients in TypeScript.
// Ignore what you do not know: fields, events and values may be added.
declare namespace Parley {
"""

Schema = Mapping[str, Any]


def declarations(document: Schema) -> str:
    shapes = document["components"]["schemas"]
    parts = [HEAD, *(_interface(name, shapes[name]) for name in sorted(shapes))]
    parts += [
        _map("Commands", "What a client sends, by `event`.", document, "receive"),
        _map("Events", "What the server sends, by `event`.", document, "send"),
        _answers(document),
        _frames(),
    ]
    return "\n".join(parts) + "}\n"


def _interface(name: str, schema: Schema) -> str:
    fields = "".join(_fields(schema))
    return f"{_comment(schema.get('description', ''))}interface {name} {{\n{fields}}}\n"


def _fields(schema: Schema) -> Iterator[str]:
    needed = schema.get("required", [])
    for name, field in schema.get("properties", {}).items():
        yield f"  {name}{'' if name in needed else '?'}: {_type(field)};\n"


def _type(schema: Schema) -> str:
    match schema:
        case {"$ref": reference}:
            return str(reference).rpartition("/")[2]
        case {"const": value}:
            return json.dumps(value)
        case {"enum": values}:
            return " | ".join(json.dumps(value) for value in values)
        case {"anyOf": kinds} | {"oneOf": kinds} | {"allOf": kinds}:
            return " | ".join(_type(kind) for kind in kinds)
        case {"type": "array", "items": items}:
            return f"Array<{_type(items)}>"
        case {"type": "object", "additionalProperties": Mapping() as values}:
            return f"Record<string, {_type(values)}>"
    kinds = {"integer": "number", "number": "number", "string": "string", "boolean": "boolean"}
    return kinds.get(schema.get("type", ""), "null" if schema.get("type") == "null" else "unknown")


def _map(name: str, text: str, document: Schema, action: str) -> str:
    messages = document["components"]["messages"]
    lines = "".join(
        f"  {event}: {_type(messages[event]['payload']['properties']['data'])};\n"
        for event, operation in document["operations"].items()
        if operation["action"] == action
    )
    return f"{_comment(text)}interface {name} {{\n{lines}}}\n"


def _answers(document: Schema) -> str:
    """An error comes as an exception, and is no answer."""
    lines = ""
    for event, operation in document["operations"].items():
        if operation["action"] == "receive":
            names = [one["$ref"].rpartition("/")[2] for one in operation["reply"]["messages"]]
            kinds = [f'Events["{name}"]' for name in names if name != "error"]
            lines += f"  {event}: {' | '.join(kinds) or 'never'};\n"
    return f"{_comment('What each command is answered with.')}interface Answers {{\n{lines}}}\n"


def _frames() -> str:
    return (
        "type CommandFrame = {\n"
        "  [Name in keyof Commands]: { event: Name; id?: string | number; data: Commands[Name] };\n"
        "}[keyof Commands];\n\n"
        "type EventFrame = {\n"
        "  [Name in keyof Events]: { event: Name; id?: string | number; data: Events[Name] };\n"
        "}[keyof Events];\n"
    )


def _comment(text: str) -> str:
    return f"/** {' '.join(text.split())} */\n" if text else ""
