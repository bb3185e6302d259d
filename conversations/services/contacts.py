"""The people around a person: whom they may write to, and what they may see of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from accounts import presence
from accounts.models import Block, User
from accounts.plain import PlainPerson, Row
from accounts.policies import contacts_of
from accounts.privacy import Sight, people_to_be_added_by, sights_of
from accounts.querysets import PeopleQuerySet
from accounts.shapes import person_shape
from accounts.viewer import GIVEN_VIEWER, viewer_values
from chatproject.errors import NotFound
from chatproject.events import (
    ContactDetail,
    ContactShape,
    ConversationSummary,
    PresenceShape,
)
from chatproject.prepared import GivenIds, prepared
from conversations.models import Conversation, Participant
from conversations.serializers import conversation_summary

OFFLINE = presence.Presence(is_online=False, is_idle=False, last_seen_at=None)


def contacts(*, actor: User, search: str = "") -> list[ContactShape]:
    """By name. `search` is part of a name or an e-mail address."""
    people = reachable_people(actor)
    if search:
        people = people.named_like(search)
    found = people.order_by("display_name", "pk").as_rows()
    return list(_contact_shapes(actor, found))


def people_to_choose(*, actor: User, present: Collection[int] = ()) -> list[ContactShape]:
    """Of whom one can make a group, or add to one: contacts who let themselves be added."""
    found = contacts(actor=actor)
    willing = people_to_be_added_by(actor, [person.id for person in found])
    return [person for person in found if person.id in willing.difference(present)]


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
    people = reachable_people(actor).persons()
    return _presence_shapes(actor, _plain(people.order_by("pk").as_rows()))


def online_status_of(*, actor: User, user_ids: Collection[int]) -> list[PresenceShape]:
    """Of these; whoever is not visible is left out."""
    return _presence_shapes(actor, _plain(_people_by_id(actor, user_ids)))


def online_status_of_one(*, actor: User, user_id: int) -> PresenceShape:
    shapes = online_status_of(actor=actor, user_ids=[user_id])
    if not shapes:
        raise NotFound
    return shapes[0]


def contacts_by_id(*, actor: User, user_ids: Collection[int]) -> dict[int, ContactShape]:
    """In a constant number of queries."""
    rows = _people_by_id(actor, user_ids) if user_ids else []
    return {shape.id: shape for shape in _contact_shapes(actor, rows)}


def contact_detail(*, actor: User, user_id: int) -> ContactDetail:
    found = contacts_by_id(actor=actor, user_ids={user_id} - {actor.pk})
    if user_id not in found:
        raise NotFound
    groups = _groups_in_common(actor, user_id)
    return ContactDetail(**dict(found[user_id]), groups_in_common=groups)


def _groups_in_common(actor: User, user_id: int) -> list[ConversationSummary]:
    """Those that both are in now, by title."""
    mine, theirs = (
        Participant.objects.current().filter(user=pk).values("conversation")
        for pk in (actor.pk, user_id)
    )
    groups = (
        Conversation.objects.visible_to(actor)
        .filter(kind=Conversation.Kind.GROUP, pk__in=mine)
        .filter(pk__in=theirs)
        .annotate(member_count=Count("participants", filter=Q(participants__left_seq=None)))
    )
    return [
        conversation_summary(group, member_count=group.member_count)
        for group in groups.order_by("title", "pk")
    ]


def presence_shape(user_id: int, status: presence.Presence, sight: Sight) -> PresenceShape:
    is_online, last_seen_at = _as_seen(status, sight)
    return PresenceShape(user_id=user_id, is_online=is_online, last_seen_at=last_seen_at)


def _as_seen(status: presence.Presence, sight: Sight) -> tuple[bool, datetime | None]:
    """What one viewer may know of it."""
    return status.is_online and sight.online, status.last_seen_at if sight.last_seen else None


def _people_by_id(actor: User, user_ids: Collection[int]) -> list[Row]:
    return _by_id().rows(user_ids=user_ids, **viewer_values(actor))


@prepared
def _by_id() -> QuerySet[User, Row]:
    people = User.objects.visible_to(GIVEN_VIEWER).filter(pk__among=GivenIds("user_ids"))
    return people.order_by("pk").as_rows()


def _contact_shapes(actor: User, rows: Iterable[Row]) -> Iterator[ContactShape]:
    for person, status, sight in _with_presence(actor, _plain(rows)):
        card = person_shape(person)
        is_online, last_seen_at = _as_seen(status, sight)
        yield ContactShape(
            id=card.id,
            display_name=card.display_name,
            avatar_url=card.avatar_url,
            role=card.role,
            is_active=card.is_active,
            is_bot=card.is_bot,
            about=person.about if sight.about else "",
            is_blocked=sight.is_blocked,
            is_online=is_online,
            last_seen_at=last_seen_at,
        )


def _presence_shapes(actor: User, people: Sequence[PlainPerson]) -> list[PresenceShape]:
    return [
        presence_shape(person.pk, status, sight)
        for person, status, sight in _with_presence(actor, people)
    ]


def _with_presence(
    actor: User, people: Sequence[PlainPerson]
) -> Iterator[tuple[PlainPerson, presence.Presence, Sight]]:
    if not people:
        return
    statuses = presence.statuses_of({person.pk: person.last_seen_at for person in people})
    sights = sights_of(actor, people)
    for person in people:
        yield person, statuses[person.pk], sights[person.pk]


def _plain(rows: Iterable[Row]) -> list[PlainPerson]:
    return [PlainPerson._make(row) for row in rows]


def people_around(user_ids: Collection[int]) -> dict[int, set[int]]:
    """By person, with whom they share a conversation: those are told of their presence, before privacy."""
    own = Participant.objects.current().filter(user__in=user_ids).values("conversation")
    places = Participant.objects.current().filter(conversation__in=own)
    members: dict[int, set[int]] = defaultdict(set)
    for conversation_id, user_id in places.values_list("conversation_id", "user_id"):
        members[conversation_id].add(user_id)
    around: dict[int, set[int]] = {user_id: set() for user_id in user_ids}
    for together in members.values():
        for user_id in together & around.keys():
            around[user_id] |= together
    return {user_id: others - {user_id} for user_id, others in around.items()}
