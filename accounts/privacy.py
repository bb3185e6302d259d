"""Who sees what of whom.

Each thing has an audience, and hiding yours hides others' from you: I see it of somebody only if their
audience includes me *and* mine includes them. Nobody sees anything over a block, in either direction.
The plain functions answer for one pair; `sights_of` and `sights_from` for many, in a fixed number of queries.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import PrivacySettings, User
from accounts.models.privacy import Audience
from accounts.plain import PlainPerson, PlainPrivacy, Row
from accounts.policies import block_pairs, chat_permissions
from chatproject.prepared import GivenIds, prepared

Person = User | PlainPerson


@dataclass(frozen=True)
class Sight:
    """What one viewer may see of one subject, and whether the viewer blocks them."""

    last_seen: bool
    online: bool
    photo: bool
    about: bool
    is_blocked: bool = False


NOTHING = Sight(last_seen=False, online=False, photo=False, about=False)
BLOCKED = replace(NOTHING, is_blocked=True)
EVERYTHING = Sight(last_seen=True, online=True, photo=True, about=True)
NEVER_CHANGED = PlainPrivacy._make(
    getattr(PrivacySettings(), name) for name in PlainPrivacy._fields
)


def may_see_last_seen(viewer: User, subject: User) -> bool:
    return sight(viewer, subject).last_seen


def may_see_online(viewer: User, subject: User) -> bool:
    return sight(viewer, subject).online


def may_see_photo(viewer: User, subject: User) -> bool:
    return sight(viewer, subject).photo


def may_see_about(viewer: User, subject: User) -> bool:
    return sight(viewer, subject).about


def sight(viewer: User, subject: User) -> Sight:
    return sights_of(viewer, [subject])[subject.pk]


def sights_of(viewer: User, subjects: Collection[Person]) -> dict[int, Sight]:
    """What the viewer may see of each subject, by the subject's id."""
    circle = Circle(viewer, subjects)
    return {subject.pk: circle.sight(viewer, subject) for subject in subjects}


def sights_from(viewers: Collection[Person], subject: User) -> dict[int, Sight]:
    """What each viewer may see of the subject, by the viewer's id."""
    circle = Circle(subject, viewers)
    return {viewer.pk: circle.sight(viewer, subject) for viewer in viewers}


def gives_read_receipts(viewer: User, subject: User) -> bool:
    """May the viewer be told in a direct conversation what the subject has read? Only if both give it."""
    refusing = PrivacySettings.objects.filter(user__in=[viewer, subject], read_receipts=False)
    return not refusing.exists()


def people_to_be_added_by(actor: User, user_ids: Collection[int]) -> set[int]:
    """Those of them whom the actor may add to groups, as far as they themselves decide about it."""
    table = chat_permissions(actor.organization_id)
    open_roles = [
        owner for (owner, other), is_open in table.items() if other == actor.role and is_open
    ]
    by_role = Q(groups=Audience.CONTACTS) & ~Q(user__role__in=open_roles)
    closed = PrivacySettings.objects.filter(Q(groups=Audience.NOBODY) | by_role, user__in=user_ids)
    return set(user_ids) - set(closed.values_list("user_id", flat=True))


class Circle:
    """One person in the middle, others around: what is known of each pair with the middle."""

    def __init__(self, middle: User, others: Collection[Person]) -> None:
        ids = {person.pk for person in others} | {middle.pk}
        rows = map(PlainPrivacy._make, _privacy().rows(user_ids=ids))
        self._middle = middle
        self._settings = {row.user_id: row for row in rows}
        self._blocked = block_pairs(middle)
        self._sights: dict[Any, Sight] = {}

    def sight(self, viewer: Person, subject: Person) -> Sight:
        if viewer.pk == subject.pk:
            return EVERYTHING
        if viewer.organization_id != subject.organization_id or self._is_blocked(viewer, subject):
            return BLOCKED if (viewer.pk, subject.pk) in self._blocked else NOTHING
        audiences = (*self._of(subject)[1:], *self._of(viewer)[1:])
        key = (*audiences, subject.role, viewer.role, subject.is_active)
        if key not in self._sights:
            self._sights[key] = self._sight(*key)
        return self._sights[key]

    def _sight(self, *key: Any) -> Sight:
        """What it depends on is the same for most pairs, so few are worked out."""
        theirs, ours, (subject, viewer, is_active) = key[:4], key[4:8], key[8:]
        last_seen, online, photo, about = (
            self._includes(their, subject, viewer) and self._includes(our, viewer, subject)
            for their, our in zip(theirs, ours, strict=True)
        )
        return Sight(
            last_seen=is_active and last_seen,
            online=is_active and online,
            photo=photo,
            about=about,
        )

    def _of(self, person: Person) -> PlainPrivacy:
        return self._settings.get(person.pk, NEVER_CHANGED)

    def _is_blocked(self, one: Person, other: Person) -> bool:
        return not self._blocked.isdisjoint([(one.pk, other.pk), (other.pk, one.pk)])

    def _includes(self, audience: str, owner: str, other: str) -> bool:
        """By their roles."""
        match audience:
            case Audience.EVERYONE:
                return True
            case Audience.CONTACTS:
                return self._permissions[owner, other]
        return False

    @cached_property
    def _permissions(self) -> dict[tuple[str, str], bool]:
        """Asked only when somebody's audience depends on it."""
        return chat_permissions(self._middle.organization_id)


@prepared
def _privacy() -> QuerySet[PrivacySettings, Row]:
    found = PrivacySettings.objects.filter(user_id__among=GivenIds("user_ids"))
    return found.values_list(*PlainPrivacy._fields)
