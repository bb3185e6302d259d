"""How the REST surface describes itself: OpenAPI, by drf-spectacular."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from drf_spectacular.contrib.pydantic import PydanticExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, model_json_schema
from pydantic_core.core_schema import ModelSchema
from rest_framework.permissions import AllowAny

from chatproject.events import ErrorBody
from chatproject.rest import ID

WITH_BODY = ("POST", "PUT", "PATCH")

Endpoint = tuple[str, str, str, Any]


class ApiSchema(AutoSchema):
    """Adds the refusals that every operation knows, in their one shape."""

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        answers: dict[str, Any] = super()._get_response_bodies(direction)  # type: ignore[arg-type]
        refusals = {str(status): self._refusal(status) for status in self._refusals()}
        return answers | {status: one for status, one in refusals.items() if status not in answers}

    def _is_list_view(self, serializer: Any = None) -> bool:
        """Our answers are objects, with their lists inside."""
        is_wire = isinstance(serializer, type) and issubclass(serializer, BaseModel)
        return not is_wire and bool(super()._is_list_view(serializer))

    def _resolve_path_parameters(self, variables: list[str]) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super()._resolve_path_parameters(  # type: ignore[no-untyped-call]
            variables
        )
        for parameter in parameters:
            if parameter["schema"].get("pattern") == f"^{ID}$":
                parameter["schema"] = {"type": "integer", "format": "int64"}
        return parameters

    def _refusals(self) -> list[int]:
        has_body = self.method in WITH_BODY and self.get_request_serializer() is not None
        is_public = AllowAny in self.view.permission_classes
        return [
            400,
            *([] if is_public else [401, 403]),
            *([404] if "{" in self.path else []),
            *([409, 413, 415] if has_body else []),
            429,
            503,
        ]

    def _refusal(self, status: int) -> dict[str, Any]:
        described: dict[str, Any] = self._get_response_for_code(  # type: ignore[no-untyped-call]
            ErrorBody, str(status)
        )
        return described | {"description": HTTPStatus(status).phrase}


class WireExtension(PydanticExtension):
    priority = 1

    def map_serializer(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        schema = model_json_schema(
            self.target,
            ref_template="#/components/schemas/{model}",
            schema_generator=WireSchema,
            mode="validation" if direction == "request" else "serialization",
        )
        for name, definition in schema.pop("$defs", {}).items():
            auto_schema.registry.register_on_missing(
                ResolvedComponent(name, ResolvedComponent.SCHEMA, definition, name)
            )
        return schema


class WireSchema(GenerateJsonSchema):
    """In a request, what has a default may be left out; an answer has it, and may have more one day."""

    def model_schema(self, schema: ModelSchema) -> JsonSchemaValue:
        described = super().model_schema(schema)
        if self.mode == "serialization":
            described.pop("additionalProperties", None)
        return described

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def without_trailing_slashes(endpoints: list[Endpoint], **_: Any) -> list[Endpoint]:
    """A trailing slash works too, but is not the name of a path."""
    return [(path.rstrip("/"), regex, method, view) for path, regex, method, view in endpoints]
