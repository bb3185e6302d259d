"""The person: profile, settings, devices, and what is recorded about them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet

from accounts.audit import sentence_of
from accounts.models import AuditEntry, Block, Invitation, PrivacySettings, Session, User
from accounts.serializers import MeSerializer
from chatproject.events import MAX_PAGE, NotificationShape, NotificationsQuery
from conversations.personal_archive.zip_file import Archive
from notifications.models import PushSubscription
from notifications.preferences import preferences_of
from notifications.serializers import preferences_shape
from notifications.services import list_notifications


def write_about(archive: Archive, person: User) -> dict[str, Any]:
    """Returns what the front page shows of it."""
    archive.json("profile.json", MeSerializer(person).data)
    archive.picture("picture.webp", person.avatar)
    archive.json("notification-preferences.json", preferences_shape(preferences_of(person)))
    archive.json_list("devices.json", map(_device, _devices(person)))
    archive.json_list("push-subscriptions.json", _push_subscriptions(person))
    archive.json_list("blocked-people.json", map(_block, _blocks(person)))
    archive.json_list("invitations.json", _invitations(person))
    archive.json_list("notifications.json", _notifications(person))
    archive.json_list("audit-log.json", (_entry(one, person) for one in _entries(person)))
    archive.pages(
        "notifications/",
        "archive/notifications.html",
        _notifications(person),
        lambda page: {"notifications": page},
    )
    archive.pages(
        "audit-log/",
        "archive/audit_log.html",
        _entries(person),
        lambda page: {"entries": [(one.at, sentence_of(one)) for one in page]},
    )
    return {
        "privacy": PrivacySettings.of(person),
        "devices": _devices(person),
        "blocks": _blocks(person),
    }


def _devices(person: User) -> QuerySet[Session]:
    """The ended ones too."""
    return Session.objects.visible_to(person)


def _device(session: Session) -> dict[str, Any]:
    return {
        "id": session.pk,
        "kind": session.kind,
        "label": session.label,
        "ipAddress": session.ip_address,
        "createdAt": session.created_at,
        "lastUsedAt": session.last_used_at,
        "endedAt": session.revoked_at,
        "endedBecause": session.revoked_reason,
    }


def _push_subscriptions(person: User) -> Iterator[dict[str, Any]]:
    for one in PushSubscription.objects.visible_to(person):
        yield {
            "deviceId": one.session_id,
            "kind": one.kind,
            "endpoint": one.endpoint,
            "createdAt": one.created_at,
        }


def _blocks(person: User) -> QuerySet[Block]:
    return Block.objects.visible_to(person).select_related("blocked")


def _block(block: Block) -> dict[str, Any]:
    return {
        "userId": block.blocked_id,
        "name": block.blocked.display_name,
        "since": block.created_at,
    }


def _invitations(person: User) -> Iterator[dict[str, Any]]:
    """Those that they made, and the one by which they came."""
    concerned = Q(invited_by=person) | Q(accepted_by=person)
    for one in Invitation.objects.visible_to(person).filter(concerned):
        yield {
            "email": one.email,
            "role": one.role,
            "isMine": one.invited_by_id == person.pk,
            "createdAt": one.created_at,
            "acceptedAt": one.accepted_at,
        }


def _notifications(person: User) -> Iterator[NotificationShape]:
    query = NotificationsQuery(limit=MAX_PAGE)
    while True:
        page = list_notifications(actor=person, query=query)
        yield from page.notifications
        if page.next_cursor is None:
            return
        query = NotificationsQuery(limit=MAX_PAGE, cursor=page.next_cursor)


def _entries(person: User) -> Iterator[AuditEntry]:
    """What they did, and what was done to their account."""
    devices = Session.objects.visible_to(person).values("pk")
    concerned = (
        Q(actor=person)
        | Q(target_type=User._meta.label_lower, target_id=person.pk)
        | Q(target_type=Session._meta.label_lower, target_id__in=devices)
    )
    entries = AuditEntry.objects.filter(concerned, organization_id=person.organization_id)
    return entries.select_related("actor").order_by("number").iterator()


def _entry(entry: AuditEntry, person: User) -> dict[str, Any]:
    """From where others did something is their business."""
    return {
        "number": entry.number,
        "at": entry.at,
        "action": entry.action,
        "sentence": sentence_of(entry),
        "ipAddress": entry.ip_address if entry.actor_id == person.pk else None,
    }
