from __future__ import annotations

from typing import IO
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from conversations.models import Participant
from conversations.personal_archive.about import write_about
from conversations.personal_archive.conversation import Summary, write_conversation
from conversations.personal_archive.zip_file import Archive


def write(*, person: User, file: IO[bytes]) -> None:
    """In the person's language and time zone."""
    in_their_zone = timezone.override(ZoneInfo(person.time_zone))
    with override(person.language), in_their_zone, Archive(file) as archive:
        about = write_about(archive, person)
        conversations = [
            write_conversation(archive, person, conversation_id)
            for conversation_id in _conversation_ids(person)
        ]
        archive.json("conversations.json", [each.entry for each in conversations])
        context = {**about, "conversations": sorted(conversations, key=_newest_first)}
        archive.page("index.html", "archive/index.html", {**context, "person": person})


def _conversation_ids(person: User) -> list[int]:
    places = Participant.objects.visible_to(person).order_by("conversation_id")
    return list(places.values_list("conversation_id", flat=True))


def _newest_first(summary: Summary) -> float:
    return -(summary.last_activity_at.timestamp())
