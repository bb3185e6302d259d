from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from accounts.admin.scope import OrganizationScoped, actor, each
from accounts.models import Invitation
from accounts.roles import Permission
from accounts.services import invitations


class InvitationAdmin(OrganizationScoped):
    """They are made on the people page, which shows the link."""

    needs = Permission.INVITE_PEOPLE
    secrets = ("seed", "token_hash")
    list_display = (
        "__str__", "role", "invited_by", "created_at", "expires_at", "accepted_by", "revoked_at"
    )  # fmt: skip
    list_filter = ("role", ("accepted_at", admin.EmptyFieldListFilter))
    list_select_related = ("organization", "invited_by", "accepted_by")
    search_fields = ("email", "invited_by__display_name")
    exclude = ("seed", "token_hash")
    actions = ("revoke",)

    @admin.action(description="Revoke", permissions=["view"])
    def revoke(self, request: HttpRequest, chosen: models.QuerySet[Invitation]) -> None:
        each(self, request, chosen, lambda invitation: invitations.revoke_invitation(
            actor=actor(request), invitation=invitation
        ))  # fmt: skip
