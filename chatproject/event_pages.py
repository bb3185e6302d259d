"""The AsyncAPI document as a page to read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from django.views.generic import TemplateView

from chatproject.asyncapi import asyncapi_document

Schema = Mapping[str, Any]


class EventDocumentation(TemplateView):
    template_name = "event_documentation.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(**context, **described())


@cache
def described() -> dict[str, Any]:
    document = asyncapi_document()
    channel = document["channels"]["chat"]
    return {
        "document": document,
        "address": channel["address"],
        "close_codes": channel["x-close-codes"],
        "schemes": document["components"]["securitySchemes"],
        "groups": [
            {"title": title, "messages": list(_messages(document, action))}
            for title, action in (("You send", "receive"), ("The server sends", "send"))
        ],
        "shapes": list(_shapes(document)),
    }


def _messages(document: Schema, action: str) -> Iterator[dict[str, Any]]:
    schemas = document["components"]["schemas"]
    for name, operation in document["operations"].items():
        if operation["action"] != action:
            continue
        message = document["components"]["messages"][name]
        yield {
            "name": name,
            "summary": message["summary"],
            "answers": [
                _last(each["$ref"]) for each in operation.get("reply", {}).get("messages", [])
            ],
            "fields": _fields(schemas[_last(message["payload"]["properties"]["data"]["$ref"])]),
            "example": json.dumps(message["examples"][0]["payload"], indent=2),
        }


def _shapes(document: Schema) -> Iterator[dict[str, Any]]:
    """Those that messages are made of; the messages themselves stand above."""
    messages = document["components"]["messages"].values()
    own = {_last(message["payload"]["properties"]["data"]["$ref"]) for message in messages}
    for name, schema in sorted(document["components"]["schemas"].items()):
        if name not in own:
            summary = schema.get("description", "")
            yield {"name": name, "summary": summary, "fields": _fields(schema)}


def _fields(schema: Schema) -> list[dict[str, Any]]:
    needed = schema.get("required", [])
    return [
        {"name": name, "is_needed": name in needed, "type": _type(field), "shape": _shape(field)}
        for name, field in schema.get("properties", {}).items()
    ]


def _type(field: Schema) -> str:
    match field:
        case {"$ref": reference}:
            return _last(reference)
        case {"anyOf": kinds} | {"oneOf": kinds}:
            return " or ".join(_type(kind) for kind in kinds)
        case {"const": value}:
            return json.dumps(value)
        case {"enum": values}:
            return " or ".join(json.dumps(value) for value in values)
        case {"type": "array", "items": items}:
            return f"list of {_type(items)}"
        case {"type": "object", "additionalProperties": Mapping() as values}:
            return f"object of {_type(values)}"
        case {"type": kind, "format": form}:
            return f"{kind} ({form})"
    return str(field.get("type", "anything"))


def _shape(field: Schema) -> str:
    """To which a reader may want to go on."""
    for inner in (field, field.get("items", {}), *field.get("anyOf", [])):
        if "$ref" in inner:
            return _last(inner["$ref"])
    return ""


def _last(reference: str) -> str:
    return reference.rpartition("/")[2]
