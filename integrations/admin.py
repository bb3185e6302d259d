"""Webhooks in Django admin; they are made on the bots' pages, which show the secrets once."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from accounts.admin.scope import OrganizationScoped, actor, each
from accounts.roles import Permission
from integrations.models import IncomingWebhook
from integrations.services import incoming


@admin.register(IncomingWebhook)
class IncomingWebhookAdmin(OrganizationScoped):
    organization_path = "bot__organization"
    needs = Permission.MANAGE_BOTS
    secrets = ("secret_hash",)
    exclude = ("secret_hash",)
    list_display = (
        "name", "bot", "conversation", "hint", "created_by", "created_at", "last_used_at",
        "revoked_at",
    )  # fmt: skip
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("bot", "conversation", "created_by")
    search_fields = ("name", "bot__display_name", "hint")
    actions = ("revoke",)

    @admin.action(description="Revoke", permissions=["view"])
    def revoke(self, request: HttpRequest, chosen: models.QuerySet[IncomingWebhook]) -> None:
        each(self, request, chosen.select_related("bot__organization"), lambda webhook: (
            incoming.revoke_incoming_webhook(actor=actor(request), webhook=webhook)
        ))  # fmt: skip
