"""Tells the OpenAPI generator how people authenticate."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class BearerTokenScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.authentication.SessionTokenAuthentication"
    name = "bearerToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        described = "The access token of `POST /api/auth/token`, good for some minutes."
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": described,
        }


class PageSessionScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.authentication.PageSessionAuthentication"
    name = "pageSession"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        described = "Of our own pages; changes need the CSRF token in `X-CSRFToken` besides."
        return {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": described}
