from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from accounts.admin.scope import OrganizationScoped, actor, each
from accounts.models import Session
from accounts.services import sessions


class SessionAdmin(OrganizationScoped):
    organization_path = "user__organization"
    secrets = ("refresh_jti",)
    list_display = (
        "user", "kind", "label", "ip_address", "last_used_at", "revoked_at", "revoked_reason"
    )  # fmt: skip
    list_filter = ("kind", ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("user__display_name", "user__email", "label", "ip_address")
    exclude = ("refresh_jti",)
    actions = ("revoke",)

    @admin.action(description="Sign out", permissions=["view"])
    def revoke(self, request: HttpRequest, chosen: models.QuerySet[Session]) -> None:
        each(
            self,
            request,
            chosen.select_related("user__organization"),
            lambda session: sessions.revoke_of_member(
                actor=actor(request), person=session.user, session=session
            ),
        )
