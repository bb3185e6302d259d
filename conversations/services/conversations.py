"""Beginning a conversation: direct, which exists once per pair, or a group."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from chatproject.errors import Forbidden, Invalid, NotFound
from chatproject.events import MAX_GROUP_MEMBERS
from conversations import broadcasts, policies
from conversations.models import Conversation, Participant
from conversations.serializers import message_shape, system_line
from conversations.services.members import join_members, people_to_add
from conversations.services.membership import next_version
from conversations.services.messages import append_system_line
from notifications.services import notify_added_to_group


def get_or_create_direct(*, actor: User, target_user_id: int) -> tuple[Participant, bool]:
    """The actor's place in the one conversation of the two, and whether it is new.

    Raises NotFound (another organization), Forbidden `cannot_message`, Invalid (oneself).
    """
    if target_user_id == actor.pk:
        raise Invalid(_("Choose somebody else."), code="same_person", attr="targetUserId")
    target = User.objects.visible_to(actor).filter(pk=target_user_id).first()
    if target is None:
        raise NotFound
    if place := _direct_place(actor, target):
        return place, False
    if not policies.can_start_conversation(actor, target):
        raise Forbidden(_("You cannot send messages to this person."), code="cannot_message")
    try:
        with transaction.atomic():
            return _create_direct(actor, target), True
    except IntegrityError:
        # Both began at once. The database kept one conversation, and that is it.
        place = _direct_place(actor, target)
        if place is None:
            raise
        return place, False


def create_group(*, actor: User, title: str, member_ids: Sequence[int]) -> Participant:
    """A group with its creator as administrator; returns the creator's place.

    Raises Forbidden (guests), NotFound (somebody is not visible), Invalid (too many).
    """
    if not policies.can_create_group(actor):
        raise Forbidden(_("You may not create groups."))
    people = people_to_add(actor, member_ids)
    if len(people) + 1 > MAX_GROUP_MEMBERS:
        raise Invalid(_("A group has at most %d members.") % MAX_GROUP_MEMBERS, attr="memberIds")
    with transaction.atomic():
        group = _new_conversation(actor, kind=Conversation.Kind.GROUP, title=title)
        line = append_system_line(group, actor, system_line("groupCreated", people, title=title))
        places = join_members(group, [actor], role=Participant.Role.ADMIN)
        places += join_members(group, people, role=Participant.Role.MEMBER)
        everybody = [place.user_id for place in places]
        broadcasts.conversation_updated(
            group, changed=places, member_count=len(places), to=everybody
        )
        broadcasts.message_created(message_shape(line), to=everybody)
        notify_added_to_group(message=line, recipients=people)
        return places[0]


def _direct_place(actor: User, target: User) -> Participant | None:
    lower, higher = sorted([actor.pk, target.pk])
    return (
        Participant.objects.visible_to(actor)
        .filter(conversation__lower_user=lower, conversation__higher_user=higher)
        .select_related("conversation", "user")
        .first()
    )


def _create_direct(actor: User, target: User) -> Participant:
    lower, higher = sorted([actor, target], key=lambda person: person.pk)
    conversation = _new_conversation(
        actor, kind=Conversation.Kind.DIRECT, lower_user=lower, higher_user=higher
    )
    next_version(conversation)
    conversation.save(update_fields=["version"])
    places = join_members(conversation, [actor, target], role=Participant.Role.MEMBER)
    broadcasts.conversation_updated(
        conversation, changed=places, member_count=2, to=[actor.pk, target.pk]
    )
    return places[0]


def _new_conversation(actor: User, **fields: object) -> Conversation:
    return Conversation.objects.create(
        organization_id=actor.organization_id,
        created_by=actor,
        last_activity_at=timezone.now(),
        **fields,
    )
