"""Notifications in Django admin: that somebody was told, and when; never the words of a message."""

from django.contrib import admin

from accounts.admin.scope import OrganizationScoped
from notifications.models import Notification, PushDecision, PushDelivery, PushSubscription


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


@admin.register(PushDelivery)
class PushDeliveryAdmin(OrganizationScoped):
    """What became of each push. Those that were given up have the state "Given up", and a reason."""

    organization_path = "user__organization"
    list_display = (
        "user", "device", "kind", "state", "reason", "attempts", "created_at", "finished_at"
    )  # fmt: skip
    list_filter = ("state", "kind", "created_at")
    list_select_related = ("user",)
    search_fields = ("user__display_name", "user__email", "reason")
    ordering = ("-created_at", "-pk")
    date_hierarchy = "created_at"
    fields = (
        "user", "device", "kind", "tag", "state", "reason", "attempts", "is_bare",
        "created_at", "due_at", "finished_at",
    )  # fmt: skip


@admin.register(PushDecision)
class PushDecisionAdmin(OrganizationScoped):
    """Why somebody was told of something, or was not."""

    organization_path = "user__organization"
    list_display = ("user", "conversation", "messages", "outcome", "reason", "decided_at")
    list_filter = ("outcome", "reason", "decided_at")
    list_select_related = ("user", "conversation")
    search_fields = ("user__display_name", "user__email", "conversation__title")
    ordering = ("-decided_at", "-pk")
    date_hierarchy = "decided_at"
    fields = (
        "user", "conversation", "from_seq", "to_seq", "outcome", "reason_text", "decided_at"
    )  # fmt: skip
    readonly_fields = ("reason_text",)

    @admin.display(description="messages")
    def messages(self, decision: PushDecision) -> str:
        if decision.from_seq is None:
            return ""
        return f"{decision.from_seq}–{decision.to_seq}"
