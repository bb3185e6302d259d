"""Who may do what in a conversation. Asked by services, serializers and templates alike."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from accounts import roles
from accounts.models import Block, User
from accounts.policies import block_pairs, roles_open_to
from chatproject.events import ContactShape
from conversations.models import Conversation, Message, Participant


def can_start_conversation(actor: User, target: User) -> bool:
    """By the organization's table of roles; and a guest with whoever shares a group with them.

    Whoever was written to first needs no permission: that conversation exists already.
    """
    return target.pk in people_open_to(actor, [target])


def people_open_to(actor: User, people: Iterable[User]) -> set[int]:
    """`can_start_conversation` for many at once."""
    current = Participant.objects.current()
    groups = current.filter(user=actor, conversation__kind=Conversation.Kind.GROUP)
    sharing = current.filter(conversation__in=groups.values("conversation"))
    blocked = Block.objects.of(actor)
    found = (
        User.objects.visible_to(actor)
        .active()
        .filter(pk__in=[person.pk for person in people])
        .filter(Q(role__in=roles_open_to(actor)) | Q(pk__in=sharing.values("user")))
        .exclude(pk=actor.pk)
        .exclude(pk__in=blocked.values("blocked"))
        .exclude(pk__in=blocked.values("blocker"))
    )
    return set(found.values_list("pk", flat=True))


def can_post(participant: Participant) -> bool:
    """Blocks and deactivated people matter in direct conversations only: a group is everybody's."""
    if not participant.is_current:
        return False
    peer = other_person(participant)
    if peer is None:
        return may_speak(participant.role, participant.conversation.who_may_post)
    return peer.is_active and not Block.objects.between(participant.user, peer).exists()


def may_speak(role: str, who_may_post: str) -> bool:
    """In some groups only administrators post; batch_sql.py has the same rule."""
    is_open = who_may_post == Conversation.WhoMayPost.EVERYONE
    return is_open or role == Participant.Role.ADMIN


def people_closed_to(user: User, peers: Iterable[ContactShape]) -> set[int]:
    """`can_post` for many direct conversations at once: the peers to whom the user cannot write."""
    inactive = {peer.id for peer in peers if not peer.is_active}
    return inactive | {pk for pair in block_pairs(user) for pk in pair} - {user.pk}


def can_manage_members(participant: Participant) -> bool:
    return (
        participant.is_current
        and participant.conversation.is_group
        and participant.role == Participant.Role.ADMIN
    )


def can_create_group(user: User) -> bool:
    return roles.allows(user.role, roles.Permission.CREATE_GROUP)


def can_read_as_admin(user: User) -> bool:
    """What others say to one another; a place of one's own in the conversation is another matter."""
    return user.is_superuser or roles.allows(user.role, roles.Permission.READ_MESSAGES)


def can_edit(participant: Participant, message: Message, *, now: datetime) -> bool:
    window = timedelta(seconds=settings.EDIT_WINDOW_SECONDS)
    return can_delete(participant, message) and now - message.created_at <= window


def can_see_receipts(participant: Participant, message: Message) -> bool:
    """How far a message got is told to whoever wrote it."""
    return can_delete(participant, message)


def can_delete(participant: Participant, message: Message) -> bool:
    return (
        participant.is_current
        and message.sender_id == participant.user_id
        and message.kind == Message.Kind.TEXT
        and message.deleted_at is None
    )


def can_hide(message: Message) -> bool:
    """For oneself, whoever wrote it, and what is left of it. What happened in a group stays."""
    return message.kind == Message.Kind.TEXT


def other_person(participant: Participant) -> User | None:
    """The other side of a direct conversation; None in a group."""
    conversation = participant.conversation
    if conversation.lower_user_id == participant.user_id:
        return conversation.higher_user
    return conversation.lower_user
