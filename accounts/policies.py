"""Who may write to whom: the organization's table of roles, blocks, and being active."""

from accounts.models import Block, ChatPermission, User
from accounts.querysets import PeopleQuerySet
from accounts.roles import DEFAULT_CHAT_PERMISSIONS, Role


def may_message(viewer: User, subject: User) -> bool:
    """May `viewer` start a conversation with `subject`? What a shared chat allows besides is decided there."""
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
    cells = ChatPermission.objects.filter(organization_id=organization_id)
    changed = cells.values_list("initiator_role", "target_role", "allowed")
    return DEFAULT_CHAT_PERMISSIONS | {(who, whom): allowed for who, whom, allowed in changed}
