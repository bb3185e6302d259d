"""What the page about a conversation shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chatproject.events import (
    ContactDetail,
    ContactShape,
    ConversationDetail,
    ParticipantShape,
)
from conversations.conversation_rows import ConversationRow, presence_text
from conversations.forms import GroupDetailsForm
from conversations.services.contacts import contact_detail, people_to_choose
from conversations.services.listing import conversation_in_full

# Of what in a group one's devices are told while one is away.
LEVELS = (
    ("all", _("Notify me of everything")),
    ("mentions", _("Only when I am mentioned")),
    ("nothing", _("Notify me of nothing")),
)


@dataclass(frozen=True)
class MemberRow:
    place: ParticipantShape
    is_viewer: bool

    @property
    def is_admin(self) -> bool:
        return self.place.role == "admin"


@dataclass(frozen=True)
class InfoPage:
    user: User
    detail: ConversationDetail
    person: ContactDetail | None

    @classmethod
    def load(cls, user: User, conversation_id: int) -> InfoPage:
        detail = conversation_in_full(actor=user, conversation_id=conversation_id)
        person = contact_detail(actor=user, user_id=detail.peer.id) if detail.peer else None
        return cls(user, detail, person)

    def context(self, *, form: GroupDetailsForm | None) -> dict[str, Any]:
        return {
            "info": ConversationRow(self.detail, self.user.pk),
            "person": self.person,
            "presence": presence_text(self.person) if self.person else "",
            "members": self._members(),
            "creator": self._creator(),
            "may_manage": self.detail.is_member and self.detail.role == "admin" and not self.person,
            "levels": LEVELS,
            "details": form or GroupDetailsForm.of(self.detail),
        }

    def _members(self) -> list[MemberRow]:
        """Oneself, then administrators, then by name."""
        rows = [
            MemberRow(place, is_viewer=place.user.id == self.user.pk)
            for place in self.detail.participants
            if place.is_current and not self.person
        ]
        return sorted(rows, key=_place_in_list)

    def _creator(self) -> str:
        people = (place.user for place in self.detail.participants)
        return next((one.display_name for one in people if one.id == self.detail.created_by_id), "")


def people_to_add(user: User, detail: ConversationDetail) -> list[ContactShape]:
    present = [place.user.id for place in detail.participants if place.is_current]
    return people_to_choose(actor=user, present=present)


def _place_in_list(row: MemberRow) -> tuple[bool, bool, str]:
    return (not row.is_viewer, not row.is_admin, row.place.user.display_name.casefold())
