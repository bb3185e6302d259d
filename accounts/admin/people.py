from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse

from accounts import policies
from accounts.admin.scope import OrganizationScoped, actor, each
from accounts.models import User
from accounts.services import deletion, members, passwords, sessions

ADDED = ("organization", "email", "display_name", "role")
CHANGED = ("role", "is_active")
ERASED = (
    "name, address, picture, settings, devices, notifications; their messages stay with the others"
)


class PersonAdmin(OrganizationScoped):
    """The row always stays, and what they wrote. Deactivating signs them out at once; deleting takes
    besides what was their own, and cannot be undone."""

    list_display = (
        "display_name", "kind", "email", "organization", "role", "is_active", "last_seen_at"
    )  # fmt: skip
    list_filter = ("kind", "role", "is_active", "is_superuser")
    list_select_related = ("organization",)
    search_fields = ("display_name", "email")
    ordering = ("display_name", "id")
    actions = ("deactivate", "reactivate", "sign_out", "mail_password_link")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not self.has_view_permission(request, obj):
            return False
        return obj is None or policies.may_delete(actor(request), obj)

    def get_actions(self, request: HttpRequest) -> Any:
        """One account at a time, from its own page."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What goes, for the page that asks once more; the rows that refer to the person all stay."""
        gone = [f"{person}: {ERASED}" for person in objs]
        return gone, {self.opts.verbose_name_plural: len(gone)}, set(), []

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return self.refusing(request, super().delete_view, request, object_id, extra_context)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        deletion.delete_account(actor=actor(request), person=obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj:
            return (
                "display_name",
                "kind",
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
