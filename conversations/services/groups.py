"""What a group is: its title, description and picture, and who may post. Each change leaves a system line."""

from __future__ import annotations

from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import avatars
from accounts.models import User
from chatproject.errors import Forbidden
from chatproject.events import GroupBody
from conversations import broadcasts, policies
from conversations.models import Conversation, Participant
from conversations.serializers import message_shape, system_line
from conversations.services.membership import locked_participation, member_ids
from conversations.services.messages import append_system_line

# The line that tells of a change, and of what now holds; but a description is too long for a line.
LINES = {
    "title": "titleChanged",
    "description": "descriptionChanged",
    "who_may_post": "postingChanged",
}
SILENT = {"description"}


def change_group(*, actor: User, conversation_id: int, changes: GroupBody) -> Participant:
    with transaction.atomic():
        place = _managing_place(actor, conversation_id)
        for name in LINES:
            value = getattr(changes, name)
            if value is not None and value != getattr(place.conversation, name):
                setattr(place.conversation, name, value)
                _tell(place, LINES[name], **({} if name in SILENT else {name: value}))
    return place


def change_picture(*, actor: User, conversation_id: int, picture: IO[bytes] | None) -> Participant:
    """None removes it. Raises Invalid `invalid_image`."""
    # Before the lock: decoding takes a while.
    square = avatars.square(picture, attr="picture") if picture else None
    with transaction.atomic():
        place = _managing_place(actor, conversation_id)
        group = place.conversation
        old = group.picture.name
        if square:
            group.picture.save(avatars.new_name(), square, save=False)
            _tell(place, "pictureChanged")
        elif old:
            group.picture = ""
            _tell(place, "pictureRemoved")
        if old:
            # After commit: a rollback would leave the row pointing at a deleted file.
            transaction.on_commit(lambda: group.picture.storage.delete(old))
    return place


def _managing_place(actor: User, conversation_id: int) -> Participant:
    place = locked_participation(actor=actor, conversation_id=conversation_id)
    if not policies.can_manage_members(place):
        raise Forbidden(_("Only administrators of the group may do this."), code="not_an_admin")
    return place


def _tell(place: Participant, event: str, **details: str) -> None:
    """Stores what has changed on the group, at the version of the line that tells of it."""
    group: Conversation = place.conversation
    line = append_system_line(group, place.user, system_line(event, [place.user], **details))
    members = member_ids(group)
    broadcasts.conversation_updated(group, changed=[], member_count=len(members), to=members)
    broadcasts.message_created(message_shape(line), to=members)
