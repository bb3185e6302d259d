"""The one place that compares roles: what each role of an organization may do."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Administrator")
    MEMBER = "member", _("Member")
    GUEST = "guest", _("Guest")


class Permission(models.TextChoices):
    MANAGE_ORGANIZATION = "manage_organization"
    MANAGE_PEOPLE = "manage_people"
    INVITE_PEOPLE = "invite_people"
    READ_AUDIT_LOG = "read_audit_log"
    # What others wrote to one another; each time is recorded in the audit log.
    READ_MESSAGES = "read_messages"
    CREATE_GROUP = "create_group"
    # And what they are let in with: keys and webhooks.
    MANAGE_BOTS = "manage_bots"


PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.ADMIN: frozenset(Permission) - {Permission.MANAGE_ORGANIZATION, Permission.READ_MESSAGES},
    Role.MEMBER: frozenset({Permission.CREATE_GROUP}),
    Role.GUEST: frozenset(),
}

# Who may start a conversation with whom when an organization is new; its administrators edit it.
DEFAULT_CHAT_PERMISSIONS: dict[tuple[str, str], bool] = {
    (initiator, target): initiator != Role.GUEST for initiator in Role for target in Role
}


def allows(role: str, permission: Permission) -> bool:
    return permission in PERMISSIONS[role]


def roles_with(permission: Permission) -> list[str]:
    return [role for role in Role if allows(role, permission)]


def is_for_bots(role: str) -> bool:
    """A bot manages nothing."""
    return PERMISSIONS[role] <= PERMISSIONS[Role.MEMBER]


def may_assign(assigner: str, role: str) -> bool:
    """Nobody makes somebody mightier than themselves; only an owner makes owners."""
    return allows(assigner, Permission.MANAGE_PEOPLE) and PERMISSIONS[role] <= PERMISSIONS[assigner]


def role_called(name: str) -> Role:
    """Of somebody who comes from elsewhere; what is no role here is a member."""
    return next((role for role in Role if role.value == name), Role.MEMBER)
