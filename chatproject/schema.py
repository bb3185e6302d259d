"""How the REST surface describes itself: OpenAPI, by drf-spectacular."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from drf_spectacular.contrib.pydantic import PydanticExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent, get_doc
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, model_json_schema
from pydantic_core.core_schema import ModelSchema
from rest_framework.permissions import AllowAny
from rest_framework.serializers import ListSerializer

from chatproject.events import ErrorBody
from chatproject.examples import Examples, refusal_example
from chatproject.rest import ID, MAX_ID

# Of both documents; docs/api.md tells when it changes.
CONTRACT_VERSION = "1.0"
WITH_BODY = ("POST", "PUT", "PATCH")
REFUSALS = (400, 401, 403, 404, 406, 409, 411, 413, 415, 429, 503)
# Those that say when to come back.
PAUSES = (429, 503)

HEADERS = {
    "RateLimitPolicy": {
        "description": 'Limits of this operation, each of `q` requests in `w` seconds: `"user";q=1200;w=60`.',
        "schema": {"type": "string"},
        "example": '"user";q=1200;w=60, "send";q=600;w=60',
    },
    "RetryAfter": {
        "description": "After how many seconds it makes sense to ask again.",
        "schema": {"type": "integer"},
        "example": 1,
    },
}  # fmt: skip

Endpoint = tuple[str, str, str, Any]


class ApiSchema(AutoSchema):
    """Adds the refusals that an operation knows, in their one shape, and what its answers say of limits."""

    def get_description(self) -> str:  # type: ignore[override]
        """Of the operation itself; what its class says would be the same for several."""
        name = getattr(self.view, "action", None) or self.method.lower()
        return get_doc(getattr(self.view, name))

    def get_summary(self) -> str:
        return self.get_description().partition(".")[0].partition(":")[0]

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        described: dict[str, Any] = super()._get_response_bodies(direction)  # type: ignore[arg-type]
        answers = {
            status: {"description": "Done."} | answer | {"headers": _headers("RateLimitPolicy")}
            for status, answer in described.items()
        }
        return answers | {str(status): self._refusal(status) for status in self._refusals()}

    def _is_list_view(self, serializer: Any = None) -> bool:
        """Our answers are objects, with their lists inside."""
        if serializer is None:
            return bool(super()._is_list_view())
        return isinstance(serializer, ListSerializer)

    def _resolve_path_parameters(self, variables: list[str]) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super()._resolve_path_parameters(  # type: ignore[no-untyped-call]
            variables
        )
        for parameter in parameters:
            if parameter["schema"].get("pattern") == f"^{ID}$":
                bounds = {"minimum": 1, "maximum": MAX_ID}
                parameter["schema"] = {"type": "integer", "format": "int64", **bounds}
        return parameters

    def _refusals(self) -> list[int]:
        has_body = self.method in WITH_BODY and self.get_request_serializer() is not None
        has_parameters = "{" in self.path or bool(self.get_override_parameters())
        is_public = AllowAny in self.view.permission_classes
        left_out = {
            *(() if has_body else (411, 413, 415)),
            *((409,) if self.method == "GET" else ()),
            *(() if has_body or has_parameters else (404,)),
            *((403,) if is_public else ()),
            # Whoever signs in, or shows a token, may be unknown.
            *((401,) if is_public and not has_body else ()),
        }
        return [status for status in REFUSALS if status not in left_out]

    def _refusal(self, status: int) -> dict[str, Any]:
        self._get_response_for_code(ErrorBody, str(status))  # type: ignore[no-untyped-call]
        return {"$ref": f"#/components/responses/{_name(status)}"}


def _headers(*names: str) -> dict[str, Any]:
    wire_names = {"RateLimitPolicy": "RateLimit-Policy", "RetryAfter": "Retry-After"}
    return {wire_names[name]: {"$ref": f"#/components/headers/{name}"} for name in names}


def _name(status: int) -> str:
    return HTTPStatus(status).phrase.replace(" ", "")


def with_shared_parts(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """The refusals and headers that the operations refer to."""
    components = result["components"]
    components["headers"] = HEADERS
    components["responses"] = {_name(status): _shared_refusal(status) for status in REFUSALS}
    return result


def _shared_refusal(status: int) -> dict[str, Any]:
    body = {"$ref": "#/components/schemas/ErrorBody"}
    headers = ("RateLimitPolicy", "RetryAfter") if status in PAUSES else ("RateLimitPolicy",)
    return {
        "description": HTTPStatus(status).description or HTTPStatus(status).phrase,
        "headers": _headers(*headers),
        "content": {"application/json": {"schema": body, "example": refusal_example(status)}},
    }


def with_examples(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    examples = Examples(result["components"]["schemas"])
    for methods in result["paths"].values():
        for operation in methods.values():
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            for content in [one for body in bodies for one in body.get("content", {}).values()]:
                content["example"] = examples.of(content["schema"])
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path":
                    parameter["example"] = examples.named(parameter["name"])
    return result


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
