"""Somebody is writing: told to those present, kept nowhere."""

from __future__ import annotations

from accounts.models import User
from chatproject.errors import Forbidden
from conversations import broadcasts, policies
from conversations.services.membership import member_ids, participation


def announce_typing(*, actor: User, conversation_id: int, is_typing: bool, kind: str) -> None:
    """Clients repeat it every 4 s while it lasts; receivers drop it after 8 s."""
    place = participation(actor=actor, conversation_id=conversation_id)
    if not policies.can_post(place):
        raise Forbidden(code="cannot_message")
    others = [user_id for user_id in member_ids(place.conversation) if user_id != actor.pk]
    broadcasts.user_typing(
        actor=actor, conversation_id=conversation_id, is_typing=is_typing, kind=kind, to=others
    )
