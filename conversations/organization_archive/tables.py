"""What goes along, in the order in which it can be written again; and what does not, and why."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.db.models import QuerySet

from accounts.models import (
    ApiKey,
    AuditChain,
    AuditEntry,
    Block,
    ChatPermission,
    Invitation,
    Organization,
    PersonalExport,
    PrivacySettings,
    Session,
    User,
)
from conversations.models import Conversation, HiddenMessage, Message, Participant, Receipt
from notifications.models import (
    Notification,
    NotificationPreferences,
    OrganizationNotifications,
    OutboxEntry,
    PushDecision,
    PushDelivery,
    PushSubscription,
)

Model = type[models.Model]


@dataclass(frozen=True)
class Table:
    model: Model
    # The way from a row to its organization.
    organization: str
    order: tuple[str, ...] = ("pk",)
    # Fields that mean nothing, or too much, in another installation.
    without: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return f"{self.model._meta.label_lower}.jsonl"

    @property
    def fields(self) -> list[models.Field]:
        left_out = {self.model._meta.auto_field, *map(self.model._meta.get_field, self.without)}
        return [field for field in self.model._meta.concrete_fields if field not in left_out]

    def rows_of(self, organization: Organization) -> QuerySet:
        rows = self.model._default_manager.filter(**{self.organization: organization.pk})
        return rows.order_by(*self.order)


TABLES = (
    Table(Organization, "pk"),
    Table(ChatPermission, "organization"),
    Table(OrganizationNotifications, "organization"),
    # Who runs one server has no rights on another one.
    Table(User, "organization", without=frozenset({"is_superuser", "last_login"})),
    Table(PrivacySettings, "user__organization"),
    Table(NotificationPreferences, "user__organization"),
    Table(Block, "blocker__organization"),
    Table(Invitation, "organization"),
    # It is the one with the number that the conversation knows as its last.
    Table(Conversation, "organization", without=frozenset({"last_message"})),
    Table(Participant, "conversation__organization"),
    Table(Message, "conversation__organization", order=("conversation_id", "seq")),
    Table(Receipt, "conversation__organization"),
    Table(HiddenMessage, "conversation__organization"),
    Table(Notification, "user__organization"),
    # Each entry is sealed anew, since its hash covers ids.
    Table(
        AuditEntry, "organization", order=("number",), without=frozenset({"hash", "previous_hash"})
    ),
)


def target_of(reference: models.Field) -> str:
    assert reference.related_model is not None
    return reference.related_model._meta.label_lower


LEFT_OUT: dict[Model, str] = {
    AuditChain: "made anew with the entries",
    Session: "a device signs in to one server",
    ApiKey: "a secret that opens one server",
    PushSubscription: "hangs on the device and on the server's key",
    PushDelivery: "a log of some days",
    PushDecision: "a log of some days",
    OutboxEntry: "what is about to be pushed, by this server",
    PersonalExport: "a copy of what is here, for some days",
}
