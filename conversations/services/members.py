"""Who is in a group: add, remove, leave, promote. Each leaves a system line."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.privacy import people_to_be_added_by
from chatproject.errors import Conflict, Forbidden, Invalid, NotFound
from chatproject.events import MAX_GROUP_MEMBERS
from conversations import broadcasts, policies
from conversations.models import Conversation, Message, Participant
from conversations.querysets import ParticipantQuerySet
from conversations.serializers import message_shape, system_line
from conversations.services.membership import locked_participation, member_ids
from conversations.services.messages import append_system_line
from notifications.services import notify_added_to_group


def add_members(*, actor: User, conversation_id: int, user_ids: Sequence[int]) -> list[Participant]:
    """Returns the places of those who were not members yet. History before stays hidden from them."""
    people = people_to_add(actor, user_ids)
    with transaction.atomic():
        place = _managing_place(actor, conversation_id)
        group = place.conversation
        present = set(member_ids(group))
        newcomers = [person for person in people if person.pk not in present]
        if not newcomers:
            return []
        if len(present) + len(newcomers) > MAX_GROUP_MEMBERS:
            raise Invalid(_("A group has at most %d members.") % MAX_GROUP_MEMBERS, attr="userIds")
        line = append_system_line(group, actor, system_line("memberAdded", newcomers))
        joined = join_members(group, newcomers, role=Participant.Role.MEMBER)
        _announce(group, line, joined)
        notify_added_to_group(message=line, recipients=newcomers)
        return joined


def remove_member(*, actor: User, conversation_id: int, user_id: int) -> None:
    """They keep the history up to the line that says so, and get nothing after."""
    with transaction.atomic():
        place = _managing_place(actor, conversation_id)
        target = _current_member(place.conversation, user_id)
        if target.user_id == actor.pk:
            raise Conflict(_("To go yourself, leave the group."), code="use_leave", attr="userId")
        _depart(target, actor, "memberRemoved")


def leave(*, actor: User, conversation_id: int) -> None:
    """The last administrator hands over to the member who has been there longest."""
    with transaction.atomic():
        place = locked_participation(actor=actor, conversation_id=conversation_id)
        if not place.conversation.is_group:
            raise Forbidden(_("A direct conversation cannot be left."), code="not_a_group")
        if not place.is_current:
            raise Forbidden(_("You are no longer a member of this group."), code="not_a_member")
        _depart(place, actor, "memberLeft")


def change_role(*, actor: User, conversation_id: int, user_id: int, role: str) -> Participant:
    with transaction.atomic():
        place = _managing_place(actor, conversation_id)
        target = _current_member(place.conversation, user_id)
        if target.role == role:
            return target
        target.role = role
        if not _admins(place.conversation).exclude(pk=target.pk).exists() and role != "admin":
            raise Conflict(_("A group needs an administrator."), code="last_admin", attr="role")
        line = append_system_line(
            place.conversation, actor, system_line("roleChanged", [target.user], role=role)
        )
        target.version = line.version
        target.save(update_fields=["role", "version"])
        _announce(place.conversation, line, [target])
        return target


def people_to_add(actor: User, user_ids: Sequence[int]) -> list[User]:
    """Active people whom the actor may put into a group; NotFound if any is none of theirs to see."""
    wanted = set(user_ids) - {actor.pk}
    people = list(User.objects.visible_to(actor).active().filter(pk__in=wanted).order_by("pk"))
    if len(people) != len(wanted):
        raise NotFound
    open_to_actor = policies.people_open_to(actor, people) & people_to_be_added_by(actor, wanted)
    for person in people:
        if person.pk not in open_to_actor:
            raise Forbidden(
                _("You cannot add %s.") % person.display_name, code="cannot_add", attr="userIds"
            )
    return people


def join_members(
    conversation: Conversation, people: Sequence[User], *, role: str
) -> list[Participant]:
    """Make or reopen places, at the conversation's version. What was said while away stays hidden.

    In a conversation that has messages, the last one is the line that tells of the joining; it is visible.
    """
    earlier = Participant.objects.filter(conversation=conversation, user__in=people)
    reopened = [_reopen(place, conversation, role) for place in earlier.select_related("user")]
    known = {place.user_id for place in reopened}
    new = [_new_place(conversation, person, role) for person in people if person.pk not in known]
    return reopened + Participant.objects.bulk_create(new)


def _new_place(conversation: Conversation, person: User, role: str) -> Participant:
    hidden = max(conversation.last_seq - 1, 0)
    return Participant(
        conversation=conversation,
        user=person,
        role=role,
        absences=[[1, hidden]] if hidden else [],
        confirms=not (conversation.is_group and person.is_bot),
        delivered_seq=hidden,
        read_seq=hidden,
        private_read_seq=hidden,
        version=conversation.version,
    )


def _reopen(place: Participant, conversation: Conversation, role: str) -> Participant:
    assert place.left_seq is not None
    hidden = conversation.last_seq - 1
    if hidden > place.left_seq:
        place.absences = [*place.absences, [place.left_seq + 1, hidden]]
    place.delivered_seq = place.read_seq = place.private_read_seq = hidden
    place.left_seq = place.left_at = place.left_version = None
    place.role = role
    place.version = conversation.version
    place.save()
    return place


def _depart(place: Participant, actor: User, event: str) -> None:
    group = place.conversation
    told = member_ids(group)
    line = append_system_line(group, actor, system_line(event, [place.user]))
    place.left_seq, place.left_at, place.left_version = line.seq, line.created_at, line.version
    place.role = Participant.Role.MEMBER
    place.version = line.version
    place.save(update_fields=["left_seq", "left_at", "left_version", "role", "version"])
    _announce(group, line, [place, *_appoint_admin_if_none(group)], to=told)


def _appoint_admin_if_none(group: Conversation) -> list[Participant]:
    if _admins(group).exists():
        return []
    members = group.participants.current().of_persons().select_related("user")
    heir = members.order_by("joined_at", "pk").first()
    if heir is None:
        return []
    heir.role, heir.version = Participant.Role.ADMIN, group.version
    heir.save(update_fields=["role", "version"])
    return [heir]


def _announce(
    group: Conversation,
    line: Message,
    changed: Sequence[Participant],
    *,
    to: Sequence[int] | None = None,
) -> None:
    members = member_ids(group)
    told = members if to is None else to
    broadcasts.conversation_updated(group, changed=changed, member_count=len(members), to=told)
    broadcasts.message_created(message_shape(line), to=told)


def _managing_place(actor: User, conversation_id: int) -> Participant:
    place = locked_participation(actor=actor, conversation_id=conversation_id)
    if not policies.can_manage_members(place):
        raise Forbidden(_("Only administrators of the group may do this."), code="not_an_admin")
    return place


def _current_member(group: Conversation, user_id: int) -> Participant:
    member = group.participants.current().select_related("user").filter(user_id=user_id).first()
    if member is None:
        raise NotFound
    member.conversation = group
    return member


def _admins(group: Conversation) -> ParticipantQuerySet:
    return group.participants.current().filter(role=Participant.Role.ADMIN)
