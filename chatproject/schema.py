"""How the REST surface describes itself: OpenAPI, by drf-spectacular."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from drf_spectacular.contrib.pydantic import PydanticExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from pydantic.json_schema import model_json_schema
from rest_framework.permissions import AllowAny

from chatproject.events import ErrorBody
from chatproject.rest import ID

Endpoint = tuple[str, str, str, Any]


class ApiSchema(AutoSchema):
    """Adds the refusals that every operation knows, in their one shape."""

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        answers: dict[str, Any] = super()._get_response_bodies(direction)  # type: ignore[arg-type]
        refusals = {str(status): self._refusal(status) for status in self._refusals()}
        return refusals | answers

    def _resolve_path_parameters(self, variables: list[str]) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super()._resolve_path_parameters(variables)
        for parameter in parameters:
            if parameter["schema"].get("pattern") == f"^{ID}$":
                parameter["schema"] = {"type": "integer", "format": "int64"}
        return parameters

    def _refusals(self) -> list[int]:
        has_body = self.get_request_serializer() is not None
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
        described = self._get_response_for_code(ErrorBody, str(status))
        return described | {"description": HTTPStatus(status).phrase}


class WireExtension(PydanticExtension):
    """In a request, what has a default may be left out; in an answer it is always there."""

    priority = 1

    def map_serializer(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        schema = model_json_schema(
            self.target,
            ref_template="#/components/schemas/{model}",
            mode="validation" if direction == "request" else "serialization",
        )
        for name, definition in schema.pop("$defs", {}).items():
            auto_schema.registry.register_on_missing(
                ResolvedComponent(name, ResolvedComponent.SCHEMA, definition, name)
            )
        return schema


def without_trailing_slashes(endpoints: list[Endpoint], **_: Any) -> list[Endpoint]:
    """A trailing slash works too, but is not the name of a path."""
    return [(path.rstrip("/"), regex, method, view) for path, regex, method, view in endpoints]
