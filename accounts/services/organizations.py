"""What an organization is called, whether it is open, and who may write to whom in it."""

from typing import Any

from django.db import transaction

from accounts import audit, policies
from accounts.models import ChatPermission, Organization, User
from accounts.roles import DEFAULT_CHAT_PERMISSIONS
from chatproject.errors import Forbidden


def change_organization(*, actor: User, organization: Organization, **changes: Any) -> None:
    """`name` and, for operators, `is_active`: closed, nobody of it is signed in any more."""
    with transaction.atomic():
        organization = Organization.objects.select_for_update().get(pk=organization.pk)
        for field, after in changes.items():
            if not policies.may_change_organization(actor, organization, field):
                raise Forbidden
            before = getattr(organization, field)
            setattr(organization, field, after)
            audit.record(
                audit.ORGANIZATION_CHANGED,
                actor=actor,
                organization=organization,
                target=organization,
                field=field,
                before=before,
                after=after,
            )
        organization.save(update_fields=list(changes))


def change_chat_permission(*, actor: User, cell: ChatPermission, allowed: bool) -> None:
    with transaction.atomic():
        cell = (
            ChatPermission.objects.select_for_update(of=("self",))
            .select_related("organization")
            .get(pk=cell.pk)
        )
        if not policies.may_edit_chat_permissions(actor, cell.organization):
            raise Forbidden
        cell.allowed = allowed
        cell.save(update_fields=["allowed"])
        audit.record(
            audit.CHAT_PERMISSION_CHANGED,
            actor=actor,
            organization=cell.organization,
            target=cell,
            initiator_role=cell.initiator_role,
            target_role=cell.target_role,
            allowed=allowed,
        )


def complete_chat_permissions(*, organization: Organization) -> None:
    """Gives every pair of roles a cell to edit; those that were set keep what they say."""
    ChatPermission.objects.bulk_create(
        (
            ChatPermission(
                organization=organization, initiator_role=who, target_role=whom, allowed=allowed
            )
            for (who, whom), allowed in DEFAULT_CHAT_PERMISSIONS.items()
        ),
        ignore_conflicts=True,
    )
