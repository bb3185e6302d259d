"""Who may write to whom: the organization's table of roles, blocks, and being active."""

from django.db.models import Q, QuerySet

from accounts.models import Block, ChatPermission, Invitation, Organization, User
from accounts.plain import Row
from accounts.querysets import PeopleQuerySet
from accounts.roles import DEFAULT_CHAT_PERMISSIONS, Permission, Role, allows, may_assign
from chatproject.prepared import Given, prepared


def may_message(viewer: User, subject: User) -> bool:
    """May `viewer` start a conversation? What a shared chat allows besides is decided in conversations."""
    return (
        viewer.pk != subject.pk
        and viewer.organization_id == subject.organization_id
        and viewer.is_active
        and subject.is_active
        and subject.role in roles_open_to(viewer)
        and not Block.objects.between(viewer, subject).exists()
    )


def contacts_of(user: User) -> PeopleQuerySet:
    """Everybody whom the user may start a conversation with."""
    return (
        User.objects.visible_to(user)
        .active()
        .filter(role__in=roles_open_to(user))
        .exclude(pk=user.pk)
        .exclude(pk__in=Block.objects.filter(blocker=user).values("blocked"))
        .exclude(pk__in=Block.objects.filter(blocked=user).values("blocker"))
    )


def roles_open_to(user: User) -> frozenset[str]:
    table = chat_permissions(user.organization_id)
    return frozenset(role for role in Role if table[user.role, role])


def chat_permissions(organization_id: int) -> dict[tuple[str, str], bool]:
    """The organization's table by (initiator, target); a cell that was never set has its default."""
    changed = _changed_permissions().rows(organization_id=organization_id)
    return DEFAULT_CHAT_PERMISSIONS | {(who, whom): allowed for who, whom, allowed in changed}


@prepared
def _changed_permissions() -> QuerySet[ChatPermission, Row]:
    cells = ChatPermission.objects.filter(organization_id=Given("organization_id"))
    return cells.values_list("initiator_role", "target_role", "allowed")


def block_pairs(user: User) -> set[tuple[int, int]]:
    """Who blocks whom, wherever this person is one of the two."""
    return set(_block_pairs().rows(user_id=user.pk))


@prepared
def _block_pairs() -> QuerySet[Block, Row]:
    blocks = Block.objects.filter(Q(blocker_id=Given("user_id")) | Q(blocked_id=Given("user_id")))
    return blocks.values_list("blocker_id", "blocked_id")


def may_manage(actor: User, person: User) -> bool:
    """May `actor` change the role of `person`, deactivate or reactivate them?"""
    return may_give_role(actor, person.organization, person.role)


def may_delete(actor: User, person: User) -> bool:
    """The account of somebody else; the own one takes the password."""
    return may_manage(actor, person) and actor.pk != person.pk and person.deleted_at is None


def may_manage_bots(actor: User, organization: Organization) -> bool:
    is_own = actor.organization_id == organization.pk
    return actor.is_superuser or (is_own and allows(actor.role, Permission.MANAGE_BOTS))


def may_give_role(actor: User, organization: Organization, role: str) -> bool:
    if actor.is_superuser:
        return True
    return actor.organization_id == organization.pk and may_assign(actor.role, role)


def may_change_organization(actor: User, organization: Organization, field: str) -> bool:
    """Only operators close an organization or open it again; its owners may name it."""
    if actor.is_superuser:
        return True
    is_own = actor.organization_id == organization.pk
    return field == "name" and is_own and allows(actor.role, Permission.MANAGE_ORGANIZATION)


def may_edit_chat_permissions(actor: User, organization: Organization) -> bool:
    is_own = actor.organization_id == organization.pk
    return actor.is_superuser or (is_own and allows(actor.role, Permission.MANAGE_PEOPLE))


def may_see_link(viewer: User, invitation: Invitation) -> bool:
    """Whoever sees it can use it. One that is bound to an address is for its mailbox alone."""
    return not invitation.email and may_give_role(viewer, invitation.organization, invitation.role)


def is_active_owner(person: User) -> bool:
    return person.is_active and allows(person.role, Permission.MANAGE_ORGANIZATION)
