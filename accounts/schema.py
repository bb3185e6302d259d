"""Tells the OpenAPI generator how people authenticate."""

import re
from typing import Any

from django.urls import resolve
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from accounts.scopes import ANY, CLOSED, OPERATIONS


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


class ApiKeyScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        described = "The key of a bot, `parley_key_…`. Where it is named, the key needs this scope."
        return {"type": "http", "scheme": "bearer", "description": described}

    def get_security_requirement(self, auto_schema: AutoSchema) -> Any:
        """Nothing where no key opens; else the scope that it needs."""
        match = resolve(re.sub(r"{\w+}", "1", auto_schema.path))
        scope = OPERATIONS.get(f"{auto_schema.method} {match.url_name}", CLOSED)
        if scope is CLOSED:
            return None
        return {self.name: [str(scope)] if scope != ANY else []}


class PageSessionScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.authentication.PageSessionAuthentication"
    name = "pageSession"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        described = "Of our own pages; changes need the CSRF token in `X-CSRFToken` besides."
        return {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": described}
