"""What happens in conversations when an account is deleted: everybody else's stay as they were."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from conversations import broadcasts
from conversations.models import Conversation, HiddenMessage, Message, Participant
from conversations.services.members import leave
from conversations.services.membership import member_ids, next_version
from notifications.services import forget_person


def take_leave(*, person: User) -> None:
    """Called once the person bears the name that is to stay. They leave their groups as by themselves."""
    with transaction.atomic():
        for place in _locked_places(person):
            _unname(place.conversation, person)
            if place.conversation.is_group and place.is_current:
                place.conversation.save(update_fields=["version"])
                leave(actor=person, conversation_id=place.conversation_id)
            else:
                _tell_of_new_name(place)
        HiddenMessage.objects.filter(user=person).delete()
        forget_person(user=person)


def _locked_places(person: User) -> list[Participant]:
    """In the order of the conversations' ids, as whoever locks several does."""
    mine = Participant.objects.filter(user=person).order_by("conversation_id")
    ids = mine.values_list("conversation_id", flat=True)
    locked = Conversation.objects.filter(pk__in=list(ids)).order_by("pk")
    conversations = {each.pk: each for each in locked.select_for_update(no_key=True)}
    places = list(mine)
    for place in places:
        place.user, place.conversation = person, conversations[place.conversation_id]
    return places


def _unname(conversation: Conversation, person: User) -> None:
    """Lines such as "Alice added Bob" keep the names of those whom they are about.

    No event tells of it: the one that follows shows by its version that there is more to ask for.
    """
    for line in Message.objects.filter(conversation=conversation, system__isnull=False):
        assert line.system is not None
        ids, names = line.system["userIds"], line.system["names"]
        if person.pk not in ids:
            continue
        line.system["names"] = [
            person.display_name if user_id == person.pk else name
            for user_id, name in zip(ids, names, strict=True)
        ]
        line.version = next_version(conversation)
        line.save(update_fields=["system", "version", "updated_at"])


def _tell_of_new_name(place: Participant) -> None:
    conversation = place.conversation
    place.version = next_version(conversation)
    place.save(update_fields=["version"])
    conversation.save(update_fields=["version", "updated_at"])
    members = member_ids(conversation)
    broadcasts.conversation_updated(
        conversation, changed=[place], member_count=len(members), to=members
    )
