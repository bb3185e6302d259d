"""Tells the OpenAPI generator that the address of a webhook is all that it takes."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class WebhookScheme(OpenApiAuthenticationExtension):
    target_class = "integrations.authentication.WebhookAuthentication"
    name: Any = ()

    def get_security_definition(self, auto_schema: AutoSchema) -> Any:
        return ()

    def get_security_requirement(self, auto_schema: AutoSchema) -> Any:
        return {}
