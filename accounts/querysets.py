from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from accounts.plain import PlainPerson, Row

if TYPE_CHECKING:
    from accounts.models import User


class PeopleQuerySet(models.QuerySet["User"]):
    def visible_to(self, viewer: User) -> PeopleQuerySet:
        """Everybody of the viewer's organization, the deactivated included: their messages remain."""
        return self.filter(organization_id=viewer.organization_id)

    def as_rows(self) -> models.QuerySet[User, Row]:
        """For `PlainPerson._make`."""
        return self.values_list(*PlainPerson._fields)

    def active(self) -> PeopleQuerySet:
        return self.filter(is_active=True, organization__is_active=True)

    def persons(self) -> PeopleQuerySet:
        """Without bots."""
        return self.filter(kind="person")

    def bots(self) -> PeopleQuerySet:
        return self.filter(kind="bot")

    def undeleted(self) -> PeopleQuerySet:
        return self.filter(deleted_at=None)

    def named_like(self, text: str) -> PeopleQuerySet:
        return self.filter(models.Q(display_name__icontains=text) | models.Q(email__icontains=text))
