"""The people around a person: whom they may write to, and what they may see of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Q

from accounts import presence
from accounts.models import Block, User
from accounts.policies import contacts_of
from accounts.privacy import Sight, sights_of
from accounts.querysets import PeopleQuerySet
from accounts.shapes import person_shape
from chatproject.errors import NotFound
from chatproject.events import ContactShape, PresenceShape
from conversations.models import Participant

OFFLINE = presence.Presence(is_online=False, is_idle=False, last_seen_at=None)


def contacts(*, actor: User, search: str = "") -> list[ContactShape]:
    """By name. `search` is part of a name or an e-mail address."""
    people = reachable_people(actor)
    if search:
        people = people.named_like(search)
    found = list(people.order_by("display_name", "pk"))
    shapes = contact_shapes(actor, found)
    return [shapes[person.pk] for person in found]


def reachable_people(actor: User) -> PeopleQuerySet:
    """By the table of roles, and whoever shares a group or already has a conversation with them."""
    own = Participant.objects.current().filter(user=actor).values("conversation")
    sharing = Participant.objects.current().filter(conversation__in=own).values("user")
    blocked = Block.objects.of(actor)
    return (
        User.objects.visible_to(actor)
        .active()
        .filter(Q(pk__in=contacts_of(actor).values("pk")) | Q(pk__in=sharing))
        .exclude(pk=actor.pk)
        .exclude(pk__in=blocked.values("blocked"))
        .exclude(pk__in=blocked.values("blocker"))
    )


def online_status(*, actor: User) -> list[PresenceShape]:
    people = list(reachable_people(actor))
    return _presence_shapes(actor, people)


def online_status_of(*, actor: User, user_ids: Collection[int]) -> list[PresenceShape]:
    """Of these; whoever is not visible is left out."""
    people = list(User.objects.visible_to(actor).filter(pk__in=user_ids).order_by("pk"))
    return _presence_shapes(actor, people)


def online_status_of_one(*, actor: User, user_id: int) -> PresenceShape:
    shapes = online_status_of(actor=actor, user_ids=[user_id])
    if not shapes:
        raise NotFound
    return shapes[0]


def contact_shapes(actor: User, people: Iterable[User]) -> dict[int, ContactShape]:
    """By id, in a constant number of queries."""
    found = {person.pk: person for person in people}
    seen = {shape.user_id: shape for shape in _presence_shapes(actor, list(found.values()))}
    return {
        pk: ContactShape(
            **dict(person_shape(person)),
            about=person.about,
            is_online=seen[pk].is_online,
            last_seen_at=seen[pk].last_seen_at,
        )
        for pk, person in found.items()
    }


def presence_shape(user_id: int, status: presence.Presence, sight: Sight) -> PresenceShape:
    """What one viewer may know of it."""
    is_online = status.is_online and sight.online
    return PresenceShape(
        user_id=user_id,
        is_online=is_online,
        last_seen_at=status.last_seen_at if sight.last_seen else None,
    )


def _presence_shapes(actor: User, people: Collection[User]) -> list[PresenceShape]:
    if not people:
        return []
    statuses = presence.status_of([person.pk for person in people])
    sights = sights_of(actor, people)
    return [
        presence_shape(person.pk, statuses.get(person.pk, OFFLINE), sights[person.pk])
        for person in people
    ]


def people_sharing_a_conversation(user: User) -> PeopleQuerySet:
    """Those who are told of the user's presence, before privacy."""
    own = Participant.objects.current().filter(user=user).values("conversation")
    sharing = Participant.objects.current().filter(conversation__in=own).values("user")
    return User.objects.visible_to(user).active().filter(pk__in=sharing).exclude(pk=user.pk)
