"""The outgoing webhooks, as OpenAPI 3.1 describes requests that a server makes."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import models_json_schema

from chatproject.events import EVENTS
from chatproject.examples import MOMENT, Examples
from chatproject.schema import WireSchema
from integrations.models import WebhookEvent

SCHEMAS = "#/components/schemas/"
HEADERS = {
    "webhook-id": ("The same with each attempt.", "msg_6f9619ff8b8640118b42d00cf4fc964f"),
    "webhook-timestamp": ("When this attempt was made, in seconds since 1970.", "1795284000"),
    "webhook-signature": (
        "`v1,` and the base64 of the HMAC-SHA256 of `id.timestamp.body`; two, with a space, while two "
        "secrets are good.",
        "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
    ),
}


def with_webhooks(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    schemas = result["components"]["schemas"]
    for name, schema in _schemas().items():
        schemas.setdefault(name, schema)
    result["webhooks"] = {name: {"post": _operation(name, schemas)} for name in WebhookEvent.values}
    return result


def _schemas() -> dict[str, Any]:
    _references, document = models_json_schema(
        [(EVENTS[name], "serialization") for name in WebhookEvent.values],
        ref_template=SCHEMAS + "{model}",
        schema_generator=WireSchema,
    )
    found: dict[str, Any] = document["$defs"]
    return found


def _operation(name: str, schemas: dict[str, Any]) -> dict[str, Any]:
    event = EVENTS[name]
    data = {"$ref": SCHEMAS + event.__name__}
    body = {
        "type": "object",
        "properties": {
            "type": {"const": name},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": data,
        },
        "required": ["type", "timestamp", "data"],
    }
    example = {"type": name, "timestamp": MOMENT, "data": Examples(schemas).of(data)}
    return {
        "summary": (event.__doc__ or name).partition(".")[0],
        "description": event.__doc__ or name,
        "parameters": [_header(*header) for header in HEADERS.items()],
        "requestBody": {"content": {"application/json": {"schema": body, "example": example}}},
        "responses": {
            "2XX": {"description": "Taken. Whatever else is tried again, for a day and a half."},
            "410": {"description": "Nothing more is wanted: the webhook is switched off."},
        },
    }


def _header(name: str, told: tuple[str, str]) -> dict[str, Any]:
    description, example = told
    return {
        "name": name,
        "in": "header",
        "required": True,
        "description": description,
        "schema": {"type": "string"},
        "example": example,
    }
