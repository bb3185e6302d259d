from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from accounts import audit
from accounts.admin.organizations import show_verification
from accounts.admin.scope import OrganizationScoped
from accounts.models import AuditEntry, Organization
from accounts.roles import Permission


class ActionFilter(admin.SimpleListFilter):
    title = "action"
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name) for name in sorted(audit.SENTENCES)]

    def queryset(
        self, request: HttpRequest, entries: models.QuerySet[AuditEntry]
    ) -> models.QuerySet[AuditEntry]:
        return entries.filter(action=self.value()) if self.value() else entries


class AuditEntryAdmin(OrganizationScoped):
    needs = Permission.READ_AUDIT_LOG
    list_display = ("number", "at", "organization", "sentence", "action", "actor", "ip_address")
    list_filter = (ActionFilter, "at")
    list_select_related = ("organization", "actor")
    search_fields = ("action", "actor__display_name", "actor__email", "ip_address", "data")
    ordering = ("-at", "-number")
    date_hierarchy = "at"
    actions = ("verify",)

    @admin.display(description="what happened")
    def sentence(self, entry: AuditEntry) -> str:
        return audit.sentence_of(entry)

    @admin.action(description="Verify the log of these organizations", permissions=["view"])
    def verify(self, request: HttpRequest, chosen: models.QuerySet[AuditEntry]) -> None:
        chosen_ids = chosen.order_by().values("organization")
        for organization in Organization.objects.filter(pk__in=chosen_ids):
            show_verification(self, request, organization)
