"""Conversations in Django admin: who talks with whom, and how much. What they say is a page of its own."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from accounts.admin.scope import OrganizationScoped, actor
from accounts.client_address import client_address
from chatproject.events import MessageShape
from conversations import policies
from conversations.models import Conversation, Participant
from conversations.serializers import message_shape
from conversations.services.oversight import (
    Reading,
    administered_conversation,
    read_messages_as_admin,
)
from conversations.system_lines import system_text

NOBODY = 0


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=200, help_text="Goes into the audit log, with your name and these messages."
    )
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)


class ParticipantInline(admin.TabularInline):
    """How far people have really read while they give no receipts is their own business: not shown."""

    model = Participant
    fields = ("user", "role", "joined_at", "left_at", "delivered_seq", "read_seq")
    readonly_fields = fields
    ordering = ("joined_at", "pk")
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Participant]:
        return super().get_queryset(request).select_related("user", "conversation")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Conversation)
class ConversationAdmin(OrganizationScoped):
    list_display = (
        "described", "kind", "member_count", "message_count", "last_activity_at", "created_at"
    )  # fmt: skip
    list_filter = ("kind", "last_activity_at", "created_at")
    list_select_related = ("organization", "lower_user", "higher_user")
    search_fields = ("title", "participants__user__display_name", "participants__user__email")
    search_help_text = "Title, or name or e-mail address of somebody in it"
    ordering = ("-last_activity_at", "-pk")
    date_hierarchy = "last_activity_at"
    fields = (
        "described", "kind", "organization", "created_by", "created_at", "member_count",
        "message_count", "last_message_at", "version",
    )  # fmt: skip
    inlines = (ParticipantInline,)

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Only operators see more than one organization."""
        columns = self.list_display
        return (*columns, "organization") if actor(request).is_superuser else columns

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Conversation]:
        # Not by a join, which the one of a search would multiply.
        places = Participant.objects.current().filter(conversation=OuterRef("pk")).order_by()
        counted = places.values("conversation").annotate(total=Count("pk")).values("total")
        members = Coalesce(Subquery(counted), 0)
        return super().get_queryset(request).annotate(members=members)

    @admin.display(description="conversation")
    def described(self, conversation: Conversation) -> str:
        return conversation.described

    @admin.display(description="members", ordering="members")
    def member_count(self, conversation: Conversation) -> int:
        count: int = conversation.members  # type: ignore[attr-defined]
        return count

    @admin.display(description="messages", ordering="last_seq")
    def message_count(self, conversation: Conversation) -> int:
        return conversation.last_seq

    # --- What they say -------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        messages = path(
            "<int:conversation_id>/messages/",
            self.admin_site.admin_view(self.messages_view),
            name="conversations_conversation_messages",
        )
        return [messages, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        context["may_read_messages"] = policies.can_read_as_admin(actor(request))
        return super().render_change_form(request, context, *args, **options)

    def messages_view(self, request: HttpRequest, conversation_id: int) -> HttpResponse:
        """Asks for a reason first. Each page that is shown is an audit entry."""
        if not policies.can_read_as_admin(actor(request)):
            raise PermissionDenied
        form = ReasonForm(request.POST or None)
        if not form.is_valid():
            conversation = administered_conversation(
                actor=actor(request), conversation_id=conversation_id
            )
            return self._messages_page(request, conversation, form=form)
        reading = read_messages_as_admin(
            actor=actor(request),
            conversation_id=conversation_id,
            **form.cleaned_data,
            ip_address=client_address(request),
        )
        return self._messages_page(request, reading.conversation, reading=reading, form=form)

    def _messages_page(
        self, request: HttpRequest, conversation: Conversation, **context: Any
    ) -> HttpResponse:
        reading: Reading | None = context.get("reading")
        return TemplateResponse(
            request,
            "admin/conversations/conversation/messages.html",
            {
                **self.admin_site.each_context(request),
                **context,
                "title": f"Messages of {conversation.described}",
                "opts": self.opts,
                "original": conversation,
                "lines": [line(message_shape(each)) for each in reading.messages]
                if reading
                else [],
            },
        )


def line(message: MessageShape) -> dict[str, Any]:
    text = system_text(message, viewer_id=NOBODY) if message.system else message.content
    return {"message": message, "text": text}
