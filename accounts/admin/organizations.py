from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import Count, Q
from django.http import HttpRequest

from accounts import audit
from accounts.admin.scope import OrganizationScoped, actor
from accounts.models import ChatPermission, Organization
from accounts.roles import Permission, allows
from accounts.services import organizations


class ChatPermissionInline(admin.TabularInline):
    """Who may start a conversation with whom."""

    model = ChatPermission
    fields = ("initiator_role", "target_role", "allowed")
    readonly_fields = ("initiator_role", "target_role")
    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


class OrganizationAdmin(OrganizationScoped):
    organization_path = "pk"
    list_display = ("name", "slug", "people_count", "is_active", "created_at")
    list_filter = ("is_active",)
    search_fields = ("name", "slug")
    fields = ("name", "slug", "is_active", "created_at")
    inlines = (ChatPermissionInline,)
    actions = ("verify",)

    def get_list_filter(self, request: HttpRequest) -> Any:
        return self.list_filter

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Organization]:
        return (
            super()
            .get_queryset(request)
            .annotate(people_total=Count("people", filter=Q(people__kind="person")))
        )

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Organization | None:
        found: Organization | None = super().get_object(request, object_id, from_field)
        if found:
            organizations.complete_chat_permissions(organization=found)
        return found

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        viewer = actor(request)
        if viewer.is_superuser:
            return ("slug", "created_at")
        may_rename = allows(viewer.role, Permission.MANAGE_ORGANIZATION)
        return ("slug", "created_at", "is_active", *(() if may_rename else ("name",)))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        given = {name: form.cleaned_data[name] for name in form.changed_data}
        organizations.change_organization(actor=actor(request), organization=obj, **given)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.new_objects, formset.deleted_objects = [], []
        formset.changed_objects = [(each.instance, ["allowed"]) for each in _changed(formset)]
        for cell in _changed(formset):
            organizations.change_chat_permission(
                actor=actor(request), cell=cell.instance, allowed=cell.cleaned_data["allowed"]
            )

    @admin.display(description="people", ordering="people_total")
    def people_count(self, organization: Any) -> int:
        count: int = organization.people_total
        return count

    @admin.action(description="Verify the audit log", permissions=["view"])
    def verify(self, request: HttpRequest, chosen: models.QuerySet[Organization]) -> None:
        for organization in chosen:
            show_verification(self, request, organization)


def show_verification(
    page: admin.ModelAdmin, request: HttpRequest, organization: Organization
) -> None:
    found = audit.verify_chain(organization)
    if found.is_whole:
        text = f"{organization}: all {found.checked} entries are as they were written."
        page.message_user(request, text, messages.SUCCESS)
    else:
        text = f"{organization}: broken at entry {found.broken_number}. {found.reason}"
        page.message_user(request, text, messages.ERROR)


def _changed(formset: Any) -> list[forms.ModelForm]:
    return [form for form in formset.forms if form.has_changed()]
