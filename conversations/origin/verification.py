"""Whether everything of the origin is here: counted anew on both sides, and told in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from django.db.models import QuerySet

from conversations.models import Conversation, Message, Participant
from conversations.origin.importing import Importer
from conversations.origin.source import Row

SHOWN = 10
NAMED_AT_ONCE = 500

Item = TypeVar("Item")


@dataclass(frozen=True)
class Finding:
    sentence: str
    is_good: bool = True


def verify(importer: Importer) -> Iterator[Finding]:
    report = importer.report
    yield Finding(f"{report.people} people there, {len(importer.people)} here;"
                  f" {report.new_people} are new.", report.people == len(importer.people))  # fmt: skip
    yield from _messages(importer)
    yield from _moments(importer)
    yield from _unread(importer)
    yield Finding(
        f"{report.notifications} notifications of other things than messages;"
        f" {report.new_notifications} are new."
    )
    for line in report.skipped[:SHOWN]:
        yield Finding(f"Left out: {line}.", is_good=False)
    if len(report.skipped) > SHOWN:
        yield Finding(f"And {len(report.skipped) - SHOWN} more were left out.", is_good=False)


def _messages(importer: Importer) -> Iterator[Finding]:
    asked = here = 0
    broken = []
    for conversation_id, sessions in importer.report.sessions.items():
        count = found = 0
        rows = importer.source.messages([session["id"] for session in sessions])
        for part in _parts(importer.client_id_of(row) for row in rows):
            messages = Message.objects.filter(conversation=conversation_id, client_id__in=part)
            count, found = count + len(part), found + messages.count()
        asked, here = asked + count, here + found
        if found != count:
            broken.append(conversation_id)
    # Of several organizations only those that were asked for can be counted.
    there = asked if importer.only else importer.source.count("Message")
    yield Finding(
        f"{there} messages there, {here} here, in {importer.report.conversations} conversations;"
        f" {importer.report.new_messages} are new.",
        there == here,
    )
    if broken:
        yield Finding(f"Messages are missing in the conversations {_listed(broken)}.", False)


def _moments(importer: Importer) -> Iterator[Finding]:
    fresh = Conversation.objects.in_bulk(importer.report.fresh)
    wrong = [
        pk
        for pk, sessions in importer.report.sessions.items()
        if pk in fresh and _last_of(sessions) not in (None, fresh[pk].last_message_at)
    ]
    yield Finding(f"{len(fresh) - len(wrong)} of {len(fresh)} new conversations were last written"
                  f" in when the origin says{_at(wrong)}.")  # fmt: skip


def _unread(importer: Importer) -> Iterator[Finding]:
    """Only where nothing was said or read here yet. A counter that had drifted there is told, not copied."""
    agreeing, different = 0, []
    ids = {person.pk: pk for pk, person in importer.people.items()}
    for part in _parts(sorted(importer.report.fresh)):
        places = Participant.objects.filter(conversation__in=part)
        counts: QuerySet[Any] = places.with_unread_count()
        for place in counts:
            counted = _counter(importer.report.sessions[place.conversation_id], ids[place.user_id])
            if counted is None or counted == place.unread_count:
                agreeing += 1
            else:
                different.append(place.conversation_id)
    yield Finding(f"{agreeing} of {agreeing + len(different)} unread counts are as the origin has them;"
                  f" where they are not, its isRead decided{_at(different)}.")  # fmt: skip


def _parts(items: Iterable[Item]) -> Iterator[list[Item]]:
    """As many as a query can name."""
    rest = iter(items)
    while part := list(islice(rest, NAMED_AT_ONCE)):
        yield part


def _last_of(sessions: list[Row]) -> object:
    return max(
        (each["lastMessageAt"] for each in sessions if each.get("lastMessageAt")), default=None
    )


def _counter(sessions: list[Row], user_id: str) -> int | None:
    counts = [each["unreadCount"] for each in sessions if isinstance(each.get("unreadCount"), dict)]
    return sum(int(each.get(user_id) or 0) for each in counts) if counts else None


def _at(conversation_ids: list[int]) -> str:
    return f" (not: {_listed(conversation_ids)})" if conversation_ids else ""


def _listed(ids: list[int]) -> str:
    more = f" and {len(ids) - SHOWN} more" if len(ids) > SHOWN else ""
    return ", ".join(map(str, ids[:SHOWN])) + more
