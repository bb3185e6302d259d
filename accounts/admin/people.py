from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from accounts.admin.scope import OrganizationScoped, actor, each
from accounts.models import User
from accounts.services import members, passwords, sessions

ADDED = ("organization", "email", "display_name", "role")
CHANGED = ("role", "is_active")


class PersonAdmin(OrganizationScoped):
    """Nobody is ever deleted: what they wrote remains. Deactivating signs them out at once."""

    list_display = ("display_name", "email", "organization", "role", "is_active", "last_seen_at")
    list_filter = ("role", "is_active", "is_superuser")
    list_select_related = ("organization",)
    search_fields = ("display_name", "email")
    ordering = ("display_name", "id")
    actions = ("deactivate", "reactivate", "sign_out", "mail_password_link")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj:
            return (
                "display_name",
                "email",
                "organization",
                *CHANGED,
                "about",
                "created_at",
                "last_seen_at",
            )
        return ADDED if actor(request).is_superuser else ADDED[1:]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = self.get_fields(request, obj)
        return [name for name in fields if name not in CHANGED] if obj else ()

    def save_model(
        self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool
    ) -> None:
        given = form.cleaned_data
        if change:
            changes = {name: given[name] for name in form.changed_data}
            members.change_membership(actor=actor(request), person=obj, **changes)
        else:
            organization = given.pop("organization", actor(request).organization)
            created = members.create_person(
                actor=actor(request), organization=organization, **given
            )
            obj.pk = created.pk

    @admin.action(description="Deactivate", permissions=["change"])
    def deactivate(self, request: HttpRequest, chosen: models.QuerySet[User]) -> None:
        each(self, request, chosen, lambda person: members.deactivate(
            actor=actor(request), person=person
        ))  # fmt: skip

    @admin.action(description="Reactivate", permissions=["change"])
    def reactivate(self, request: HttpRequest, chosen: models.QuerySet[User]) -> None:
        each(self, request, chosen, lambda person: members.reactivate(
            actor=actor(request), person=person
        ))  # fmt: skip

    @admin.action(description="Sign out on all devices", permissions=["change"])
    def sign_out(self, request: HttpRequest, chosen: models.QuerySet[User]) -> None:
        each(self, request, chosen, lambda person: sessions.revoke_of_member(
            actor=actor(request), person=person
        ))  # fmt: skip

    @admin.action(description="Mail a link to choose a new password", permissions=["change"])
    def mail_password_link(self, request: HttpRequest, chosen: models.QuerySet[User]) -> None:
        each(self, request, chosen, lambda person: passwords.request_password_reset(
            email=person.email
        ))  # fmt: skip


class BlockAdmin(OrganizationScoped):
    organization_path = "blocker__organization"
    list_display = ("blocker", "blocked", "created_at")
    list_select_related = ("blocker", "blocked")
    search_fields = ("blocker__display_name", "blocked__display_name")
    date_hierarchy = "created_at"
