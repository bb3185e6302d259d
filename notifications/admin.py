"""Notifications in Django admin: that somebody was told, and when; never the words of a message."""

from django.contrib import admin

from accounts.admin.scope import OrganizationScoped
from notifications.models import Notification, PushSubscription


@admin.register(Notification)
class NotificationAdmin(OrganizationScoped):
    organization_path = "user__organization"
    list_display = ("user", "kind", "conversation", "count", "updated_at", "read_at")
    list_filter = ("kind", ("read_at", admin.EmptyFieldListFilter), "updated_at")
    list_select_related = ("user", "conversation")
    search_fields = ("user__display_name", "user__email", "conversation__title")
    ordering = ("-updated_at", "-pk")
    date_hierarchy = "updated_at"
    fields = (
        "user", "kind", "conversation", "text", "count", "created_at", "updated_at", "read_at"
    )  # fmt: skip


@admin.register(PushSubscription)
class PushSubscriptionAdmin(OrganizationScoped):
    organization_path = "user__organization"
    # Whoever knows them can push to the device.
    secrets = ("endpoint", "p256dh", "auth")
    exclude = secrets
    list_display = ("user", "kind", "session", "created_at")
    list_filter = ("kind", "created_at")
    list_select_related = ("user", "session__user")
    search_fields = ("user__display_name", "user__email")
    ordering = ("-created_at", "-pk")
