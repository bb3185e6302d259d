from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from accounts.admin.scope import OrganizationScoped, actor, each
from accounts.models import ApiKey
from accounts.roles import Permission
from accounts.services import api_keys


class ApiKeyAdmin(OrganizationScoped):
    """They are made on the bots' page, which shows the secret once."""

    organization_path = "bot__organization"
    needs = Permission.MANAGE_BOTS
    secrets = ("secret_hash",)
    exclude = ("secret_hash",)
    list_display = (
        "name", "bot", "hint", "scopes", "created_by", "created_at", "expires_at", "last_used_at",
        "revoked_at",
    )  # fmt: skip
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("bot", "created_by")
    search_fields = ("name", "bot__display_name", "hint")
    actions = ("revoke",)

    @admin.action(description="Revoke", permissions=["view"])
    def revoke(self, request: HttpRequest, chosen: models.QuerySet[ApiKey]) -> None:
        each(self, request, chosen.select_related("bot__organization"), lambda key: (
            api_keys.revoke_api_key(actor=actor(request), key=key)
        ))  # fmt: skip
