"""Webhooks in Django admin; they are made on the bots' pages, which show the secrets once."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from accounts.admin.scope import OrganizationScoped, actor, each
from accounts.roles import Permission
from integrations.models import IncomingWebhook, WebhookDelivery, WebhookEndpoint
from integrations.services import endpoints, incoming


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


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(OrganizationScoped):
    organization_path = "bot__organization"
    needs = Permission.MANAGE_BOTS
    secrets = ("secret", "previous_secret")
    exclude = secrets
    list_display = (
        "name", "bot", "url", "events", "created_at", "failing_since", "disabled_at",
        "disabled_reason",
    )  # fmt: skip
    list_filter = (("disabled_at", admin.EmptyFieldListFilter),)
    list_select_related = ("bot", "created_by")
    search_fields = ("name", "bot__display_name", "url")
    actions = ("switch_off",)

    @admin.action(description="Switch off", permissions=["view"])
    def switch_off(self, request: HttpRequest, chosen: models.QuerySet[WebhookEndpoint]) -> None:
        each(self, request, chosen.select_related("bot__organization"), lambda endpoint: (
            endpoints.switch_endpoint(actor=actor(request), endpoint=endpoint, is_on=False)
        ))  # fmt: skip


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(OrganizationScoped):
    """What became of each; never what it said. Those that were given up have the state "Given up"."""

    organization_path = "endpoint__bot__organization"
    needs = Permission.MANAGE_BOTS
    secrets = ("payload",)
    list_display = (
        "event", "endpoint", "state", "status", "reason", "attempts", "created_at", "finished_at"
    )  # fmt: skip
    list_filter = ("state", "event", "created_at")
    list_select_related = ("endpoint__bot",)
    search_fields = ("endpoint__name", "reason")
    date_hierarchy = "created_at"
    fields = (
        "endpoint", "key", "event", "state", "status", "reason", "attempts", "created_at", "due_at",
        "finished_at",
    )  # fmt: skip
    readonly_fields = ("key",)
