"""What all our admin pages share: the organization wall, the roles, and refusals that are shown."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import User
from accounts.roles import Permission, allows
from chatproject.errors import DomainError


class OrganizationScoped(admin.ModelAdmin):
    """Read-only, unless a subclass says otherwise; changes go through services, which audit them."""

    # The way from a row to its organization.
    organization_path: ClassVar[str] = "organization"
    needs: ClassVar[Permission] = Permission.MANAGE_PEOPLE
    # Never to be asked about in a query string, letter by letter.
    secrets: ClassVar[tuple[str, ...]] = ()
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows = super().get_queryset(request)
        viewer = actor(request)
        if viewer.is_superuser:
            return rows
        return rows.filter(**{self.organization_path: viewer.organization_id})

    def get_list_filter(self, request: HttpRequest) -> Any:
        filters = super().get_list_filter(request)
        # It would show the names of the other organizations.
        return (self.organization_path, *filters) if actor(request).is_superuser else filters

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return not set(lookup.split("__")) & {*self.secrets, "password"} and bool(
            super().lookup_allowed(lookup, value, request)
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        viewer = request.user
        return isinstance(viewer, User) and viewer.is_active and _may(viewer, self.needs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        page = super().changeform_view
        return self.refusing(request, page, request, object_id, form_url, extra_context)

    def refusing(
        self, request: HttpRequest, page: Callable[..., HttpResponse], *arguments: Any
    ) -> HttpResponse:
        """A service's refusal undoes the whole form, and is shown above it."""
        try:
            return page(*arguments)
        except DomainError as error:
            self.message_user(request, error.detail, messages.ERROR)
            return redirect(request.get_full_path())


def actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def each(
    page: admin.ModelAdmin, request: HttpRequest, rows: models.QuerySet[Any], operation: Any
) -> None:
    """Carries an operation out on every chosen row; one refusal does not stop the others."""
    done = 0
    for row in rows:
        try:
            operation(row)
            done += 1
        except DomainError as error:
            page.message_user(request, f"{row}: {error.detail}", messages.ERROR)
    page.message_user(request, f"Done: {done}.", messages.SUCCESS)


def _may(viewer: User, permission: Permission) -> bool:
    return viewer.is_superuser or allows(viewer.role, permission)
